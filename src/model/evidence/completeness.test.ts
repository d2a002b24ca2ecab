import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRfc3339, timeNs } from '../../base/time.ts';
import { completenessOf } from './completeness.ts';
import type { SourceStatus } from './store-status.ts';

const NOW = parseRfc3339('2026-11-21T14:32:12Z') ?? timeNs(0n);

function source(id: string, changes: Partial<SourceStatus> = {}): SourceStatus {
  return {
    id,
    kind: 'otlp',
    state: 'running',
    target: '',
    received: 0,
    records: 0,
    repeated: 0,
    leftOut: 0,
    rejects: 0,
    shed: 0,
    shedBy: [],
    refused: 0,
    lagMs: 0,
    rules: [],
    ...changes,
  };
}

const mark = (id: string, clock: string) => ({ source: id, time: `2026-11-21T${clock}Z` });

test('evidence is complete up to the slowest source that keeps up; others are named', () => {
  const seen = completenessOf(
    [source('otlp'), source('syslog'), source('app-logs', { caughtUp: false })],
    [mark('otlp', '14:32:11'), mark('syslog', '14:32:10'), mark('app-logs', '14:31:32')],
    NOW,
  );
  assert.equal(
    seen.text,
    'complete up to 14:32:10 UTC for 2 of 3 sources; app-logs is 40 s behind',
  );
  assert.deepEqual([seen.complete, seen.sources], [2, 3]);
  assert.equal(seen.upTo, '2026-11-21T14:32:10.000000000Z');
});

test('a file that was read to its end is complete although it is silent', () => {
  const file = source('app-logs', { kind: 'file', caughtUp: true });
  const marks = [mark('otlp', '14:32:11'), mark('app-logs', '09:00:00')];
  const textOf = (one: SourceStatus): string =>
    completenessOf([source('otlp'), one], marks, NOW).text;
  assert.equal(textOf(file), 'complete up to 14:32:11 UTC for all 2 sources');
  const behind = 'complete up to 14:32:11 UTC for 1 of 2 sources; app-logs is 6 h behind';
  assert.equal(textOf({ ...file, problem: 'permission denied' }), behind);
  assert.equal(textOf({ ...file, caughtUp: false }), behind);
  assert.equal(textOf({ ...file, state: 'failed' }), behind);
});

test('a listener whose senders say nothing is called silent, not behind', () => {
  const marks = [mark('otlp', '14:20:12'), mark('syslog', '14:32:10')];
  const seen = completenessOf([source('otlp'), source('syslog')], marks, NOW);
  assert.equal(
    seen.text,
    'complete up to 14:32:10 UTC for 1 of 2 sources; otlp has been silent for 12 min',
  );
});

test('a batch that waits for the disk holds its source back', () => {
  const { text } = completenessOf(
    [source('otlp', { lagMs: 12_000 })],
    [mark('otlp', '14:32:11')],
    NOW,
  );
  assert.equal(text, 'complete up to 14:32:00 UTC for the only source');
});

test('a source that lost records is named for an hour', () => {
  const seen = (gapAt: string): string =>
    completenessOf(
      [source('otlp'), source('journald')],
      [mark('otlp', '14:32:11'), { ...mark('journald', '14:32:12'), gapAt }],
      NOW,
    ).text;
  assert.equal(
    seen('2026-11-21T14:01:02Z'),
    'complete up to 14:32:11 UTC for 1 of 2 sources; journald lost records at 14:01:02 UTC',
  );
  assert.equal(seen('2026-11-21T13:01:02Z'), 'complete up to 14:32:11 UTC for all 2 sources');
});

test('a listener without senders holds nothing back, a source that failed does', () => {
  const listener = source('syslog-udp');
  assert.equal(completenessOf([listener], [], NOW).text, 'no source has told anything yet');
  assert.equal(
    completenessOf([listener, source('journald', { state: 'failed' })], [], NOW).text,
    'complete for 0 of 1 sources; journald has told nothing yet',
  );
});
