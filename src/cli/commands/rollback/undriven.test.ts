import assert from 'node:assert/strict';
import { test } from 'node:test';
import { undrivenWords } from './undriven.ts';

const DEADLINE = '2026-11-21T23:39:57.120000000Z';
const at = (text: string): string => undrivenWords('run_1', DEADLINE, Date.parse(text));

test('who reads of a run without a daemon hears until when it can be kept', () => {
  assert.match(at('2026-11-21T23:39:00Z'), /to keep it, lastgood up before 2026-11-21T23:39:57Z/);
});

test('after the deadline nobody is told that the state before is still there', () => {
  assert.match(at('2026-11-21T23:41:06Z'), /passed at 2026-11-21T23:39:57Z .* has taken it back/);
  assert.match(undrivenWords('run_1', undefined, 0), /not armed yet/);
});
