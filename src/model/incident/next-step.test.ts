import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextStep, type NextSubject } from './next-step.ts';

const after = (more: Partial<NextSubject>): string | undefined =>
  nextStep({ id: 'inc_1', state: 'open', firing: ['errors'], runs: [], ...more });

test('every incident that waits for somebody says what to type next', () => {
  assert.match(after({ state: 'mitigating', runs: ['run_1'] }) ?? '', /rollback status run_1$/);
  const advice = { helps: 'yes' } as const;
  assert.match(after({ advice }) ?? '', /rollback plan --incident inc_1$/);
  assert.match(after({ advice, firing: [] }) ?? '', /incident close inc_1 --reason TEXT/);
  assert.match(after({ state: 'acknowledged', firing: [] }) ?? '', /incident close inc_1/);
});

test('what closes by itself, is closed or is not understood asks for nothing', () => {
  for (const state of ['verifying', 'closed'] as const) assert.equal(after({ state }), undefined);
  assert.equal(after({}), undefined);
});
