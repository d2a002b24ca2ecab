import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusLines } from './status.ts';
import { calmStatus } from './testdata/calm-status.ts';

const none = (): undefined => undefined;
const screen = { out: none, note: none, json: none, isJson: false, hasColor: false, columns: 80 };

const announced = {
  incident: 'inc_1',
  at: '2026-11-21T02:13:27Z',
  due: '2026-11-21T02:14:27.123456789Z',
  plan: 'plan_1',
  planHash: 'hash',
  target: 'cp_1',
  components: ['shop'],
};

test('what goes back by itself is told first: what, when, and every way to say no', () => {
  const status = calmStatus({ announced: [announced] });
  const lines = statusLines(status, screen, Date.parse('2026-11-21T02:13:47Z'));
  const end = lines.indexOf('');
  const told = lines.slice(0, end).join('\n');
  assert.match(
    told,
    /^shop goes back to cp_1 by itself in 40 s, at .*02:14:27 UTC\)?, unless you:/,
  );
  assert.match(told, /lastgood incident ack inc_1 /);
  assert.match(told, /lastgood rollback automatic off --reason WHY /);
  assert.match(told, /lastgood hold on --reason WHY /);
  assert.ok(lines.every((line) => line.length <= 100));
});

test('what is due is not told to lie ahead', () => {
  const status = calmStatus({ announced: [announced] });
  const [first = ''] = statusLines(status, screen, Date.parse('2026-11-21T02:14:29Z'));
  assert.match(first, /^shop goes back to cp_1 by itself now, due at /);
});
