import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextStep, nextWords, type NextSubject } from './next-step.ts';

const after = (more: Partial<NextSubject>): string | undefined => {
  const next = nextStep({ id: 'inc_1', state: 'open', firing: ['errors'], runs: [], ...more });
  return next && nextWords(next);
};

test('every incident that waits for somebody says what to type next', () => {
  assert.match(after({ state: 'mitigating', runs: ['run_1'] }) ?? '', /rollback status run_1$/);
  const advice = { helps: 'yes' } as const;
  assert.match(after({ advice }) ?? '', /rollback plan --incident inc_1$/);
  const close = 'nothing of it fires any more; next: lastgood incident close inc_1 --reason TEXT';
  assert.equal(after({ advice, firing: [] }), close);
  assert.equal(after({ state: 'acknowledged', firing: [] }), close);
});

test('what closes by itself, is closed or is not understood asks for nothing', () => {
  for (const state of ['verifying', 'closed'] as const) assert.equal(after({ state }), undefined);
  assert.equal(after({}), undefined);
});
