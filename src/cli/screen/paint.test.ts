import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmless, harmlessLines } from './paint.ts';

test('what others wrote moves no cursor, turns no direction and forges no line', () => {
  const body = 'ok\u001b[2J\u0007\u009b1m \u202egpj.exe\u2066\n2026-11-21T09:00:00Z payment FATAL';
  const shown = harmless(body);
  assert.equal(
    shown,
    'ok\\u001b[2J\\u0007\\u009b1m \\u202egpj.exe\\u2066\n    2026-11-21T09:00:00Z payment FATAL',
  );
  assert.equal(harmlessLines('# Report\n\n- ü \u{1f600}\ttab'), '# Report\n\n- ü \u{1f600}\ttab');
  assert.equal(harmlessLines('a\rb\u2028c'), 'a\\u000db\\u2028c');
});
