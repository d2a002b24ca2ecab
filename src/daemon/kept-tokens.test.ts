import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptTokens } from './kept-tokens.ts';

function codeOf(tokens: KeptTokens, run: string): string {
  const token = tokens.of(run);
  return token.ok ? token.value : token.error.code;
}

test('without a token only what began by itself is confirmed, while it lasts', () => {
  const tokens = new KeptTokens();
  tokens.keep('run_automatic', 'secret');
  assert.equal(codeOf(tokens, 'run_automatic'), 'secret');
  assert.equal(codeOf(tokens, 'run_of_ann'), 'LG_ROLLBACK_TOKEN_WRONG');
  tokens.hear({ run: 'run_of_ann', state: 'COMMITTED' });
  tokens.hear({ run: 'run_automatic', state: 'AWAITING_CONFIRM' });
  assert.equal(codeOf(tokens, 'run_automatic'), 'secret');
  tokens.hear({ run: 'run_automatic', state: 'REVERTED' });
  assert.equal(codeOf(tokens, 'run_automatic'), 'LG_ROLLBACK_TOKEN_WRONG');
});

test('after a restart the daemon holds none, and silence decides', () => {
  new KeptTokens().keep('run_automatic', 'secret');
  assert.equal(codeOf(new KeptTokens(), 'run_automatic'), 'LG_ROLLBACK_TOKEN_WRONG');
});
