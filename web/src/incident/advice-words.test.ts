import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceLook, isOver, reasonWords } from './advice-words.ts';

const rollback = { helps: 'yes', why: 'A rollback would help: checkout got worse' } as const;

test('while it is open a rollback that would help is advised', () => {
  assert.equal(adviceLook({ state: 'open', rollback }).words, 'A rollback would help');
  assert.equal(reasonWords({ rollback }), 'checkout got worse');
});

test('what is closed or healed advises no rollback any more', () => {
  for (const state of ['closed', 'verifying'] as const) {
    const { tone, words } = adviceLook({ state, rollback });
    assert.equal(isOver({ state }), true);
    assert.equal(tone, 'quiet');
    assert.doesNotMatch(words, /would help/);
  }
});
