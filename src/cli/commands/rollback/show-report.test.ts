import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Screen } from '../../screen/screen.ts';
import { showReport } from './show-report.ts';

function printed(report: Parameters<typeof showReport>[0]): readonly string[] {
  const lines: string[] = [];
  const out = (line: string): void => void lines.push(line);
  const none = (): undefined => undefined;
  const screen: Screen = {
    out,
    note: none,
    json: none,
    isJson: false,
    hasColor: false,
    columns: 80,
  };
  showReport(report, screen);
  return lines;
}

test('what one cause keeps from its place is told once, with a few examples', () => {
  const why = 'changed by somebody else: this or another item of shop/files';
  const failed = Array.from({ length: 304 }, (_, at) => {
    return { state: 'shop/files', path: `/srv/${at}`, why };
  });
  const other = { state: 'shop/nftables', path: 'rule 1', why: 'not known' };
  assert.deepEqual(printed({ changed: [], equal: [], skipped: [], failed: [...failed, other] }), [
    '  items: 0 changed, 0 already equal, 0 skipped, 305 failed',
    `    failed   304 items of shop/files: ${why}: /srv/0, /srv/1, /srv/2 and 301 more, which ` +
      '--json names',
    '    failed   shop/nftables rule 1: not known',
  ]);
});

test('a handful of items is named each by itself', () => {
  const skipped = ['a', 'b', 'c'].map((path) => ({ state: 's/files', path, why: 'not reached' }));
  assert.deepEqual(printed({ changed: [], equal: [], skipped, failed: [] }).slice(1), [
    '    skipped  s/files a: not reached',
    '    skipped  s/files b: not reached',
    '    skipped  s/files c: not reached',
  ]);
});
