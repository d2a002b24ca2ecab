import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallAnswer } from '../../api/client.ts';
import type { Screen } from '../screen/screen.ts';
import { showSources } from './sources.ts';
import { statusLines } from './status/status.ts';
import { calmStatus } from './status/testdata/calm-status.ts';

type Source = CallAnswer<'sourceList'>['sources'][number];

function source(id: string, more: Partial<Source> = {}): Source {
  return {
    id,
    kind: 'journald',
    state: 'running',
    target: '/var/log/journal',
    received: 7,
    records: 7,
    repeated: 0,
    leftOut: 0,
    rejects: 0,
    shed: 0,
    shedBy: [],
    refused: 0,
    lagMs: 0,
    rules: [],
    ...more,
  };
}

function paper(): { readonly screen: Screen; readonly lines: string[] } {
  const lines: string[] = [];
  const out = (line: string): void => void lines.push(line);
  const none = (): undefined => undefined;
  return {
    screen: { out, note: none, json: none, isJson: false, hasColor: false, columns: 100 },
    lines,
  };
}

test('sources tells how often each one missed something, and which cannot know', () => {
  const { screen, lines } = paper();
  showSources([source('journal', { gaps: 3 }), source('app'), source('net', { gaps: 0 })], screen);
  const at = lines[0]?.split(/\s+/).indexOf('GAPS') ?? -1;
  const told = lines.slice(1).map((line) => line.split(/\s+/)[at]);
  assert.deepEqual(told, ['3', '-', '0']);
});

test('status names a source that missed something, also among many', () => {
  const calm = ['a', 'b', 'c', 'd'].map((id) => source(id, { gaps: 0 }));
  const status = calmStatus({ sources: [...calm, source('journal', { gaps: 1 })] });
  const text = statusLines(status, paper().screen, Date.parse(status.startedAt)).join('\n');
  assert.match(text, /5 running; 35 records\n +journal running, 7 records, 1 gap, /);
  assert.doesNotMatch(text, /\ba running/, 'those that missed nothing are only counted');
});

test('sources shows what each rule left out, harmlessly; status what was shed', () => {
  const { screen, lines } = paper();
  const noisy = source('otlp', {
    leftOut: 12,
    rules: [
      { name: 'health', do: 'drop', leftOut: 12, written: 0, example: 'GET \u001b[31m/healthz' },
    ],
  });
  showSources([noisy, source('udp', { shed: 3 })], screen);
  const rule = lines.findIndex((line) => line.startsWith('RULE'));
  assert.ok(rule > 0);
  const told = lines[rule + 1] ?? '';
  assert.match(told, /^health +otlp +drop +12 +0 +- +GET /);
  assert.ok(!told.includes('\u001b'), 'what senders write moves no cursor');
});
