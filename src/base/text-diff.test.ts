import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { unifiedDiff } from './text-diff.ts';

/** What a text becomes when the hunks of a diff are applied to it; throws when they do not fit. */
function patch(before: string, diff: string): string {
  const lines = before === '' ? [] : before.split('\n');
  const endsOpen = lines.at(-1) !== '';
  if (!endsOpen) lines.pop();
  const out: string[] = [];
  let at = 0;
  let isOpen = endsOpen && before !== '';
  let last = '';
  for (const line of diff === '' ? [] : diff.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@$/.exec(line);
    if (hunk !== null) {
      const start = Number(hunk[1]) - (hunk[2] === '0' ? 0 : 1);
      while (at < start) out.push(lines[at++] ?? '');
      continue;
    }
    if (line.startsWith('\\')) {
      isOpen = last !== '-';
      continue;
    }
    last = line[0] ?? '';
    if (last !== '+') assert.equal(lines[at++], line.slice(1));
    if (last !== '-') {
      out.push(line.slice(1));
      isOpen = false;
    }
  }
  const rest = lines.slice(at);
  if (rest.length > 0) isOpen = endsOpen;
  const all = [...out, ...rest];
  return all.length === 0 ? '' : all.join('\n') + (isOpen ? '' : '\n');
}

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'port = 1', '', ' '), { maxLength: 30 })
  .chain((lines) => fc.constantFrom(lines.join('\n'), `${lines.join('\n')}\n`));

test('a diff applied to the text before gives the text after', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      assert.equal(patch(before, unifiedDiff(before, after)), after);
    }),
  );
});

test('equal texts have no diff', () => {
  fc.assert(fc.property(text, (same) => assert.equal(unifiedDiff(same, same), '')));
});

test('a change reads as diff -u writes it', () => {
  const before = Array.from({ length: 20 }, (_, at) => `line ${at}\n`).join('');
  const after = before.replace('line 7\n', 'line seven\nline 7.5\n').replace('line 19\n', 'end');
  const folder = fs.mkdtempSync(join(tmpdir(), 'lastgood-diff-'));
  try {
    fs.writeFileSync(join(folder, 'a'), before);
    fs.writeFileSync(join(folder, 'b'), after);
    const script = 'diff -u "$0/a" "$0/b" | tail -n +3';
    const expected = execFileSync('sh', ['-c', script, folder]).toString().trimEnd();
    assert.equal(unifiedDiff(before, after), expected);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('two large texts without a common line are shown as replaced, without a long search', () => {
  const lines = (word: string): string =>
    Array.from({ length: 20_000 }, (_, at) => `${word} ${at}`).join('\n');
  const diff = unifiedDiff(lines('before'), lines('after'));
  assert.equal(diff.split('\n').length, 40_003);
});
