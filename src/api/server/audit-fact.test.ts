import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '../../base/result.ts';
import { auditFactOf } from './audit-fact.ts';

const caller = {
  principal: { id: 'token:tok_1', role: 'responder' },
  remote: '::ffff:127.0.0.1',
  connectedAtMs: 0,
} as const;

test('the audit log says how a confirm, or more time, was proved and whence, not the token', () => {
  const input = { run: 'run_1', token: 'a secret', nonce: 'another' };
  const fact = auditFactOf('run.confirm', 'runConfirm', caller, input, ok({ run: 'run_1' }));
  const way = 'over a connection from this machine (::ffff:127.0.0.1)';
  assert.equal(fact?.detail, `confirm of run_1 with a token, ${way}`);
  const far = { ...caller, remote: '192.0.2.7' };
  const bare = auditFactOf('run.confirm', 'runConfirm', far, { run: 'run_1' }, ok({}));
  assert.equal(bare?.detail, 'confirm of run_1 without a token, over a connection from 192.0.2.7');
  const asked = { ...input, seconds: 600 };
  const longer = auditFactOf('run.extend', 'runExtend', caller, asked, ok({ run: 'run_1' }));
  assert.equal(longer?.detail, `600 s more for run_1 with a token, ${way}`);
});
