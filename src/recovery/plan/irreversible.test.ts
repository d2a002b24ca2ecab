import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../base/result.ts';
import type { StaleCertificate } from '../../model/checkpoint/stale-certificate.ts';
import { makePlan } from './make-plan.ts';
import { change, input, state } from './testdata/plan-states.ts';

const goals = [{ check: 'trigger errors', component: 'a' }];
const certificate: StaleCertificate = {
  path: '/etc/a/tls.pem',
  subject: 'CN=shop.example',
  expiresAt: '2026-11-20T00:00:00Z',
  isExpired: true,
};

test('what would bring an expired certificate back needs a second word; silence reverts', () => {
  const one = state('a/files', { x: '2' }, { x: '1' }, { certificates: [certificate] });
  const plan = unwrap(makePlan(input([one], { goals })));
  assert.equal(plan.approval, 'it brings back 1 expired certificate');
  assert.equal(plan.onSilence, 'revert');
  assert.ok(
    plan.risks.includes(
      'a/files: /etc/a/tls.pem would bring back a certificate (CN=shop.example) that expired on ' +
        '2026-11-20T00:00:00Z.',
    ),
  );
  assert.ok(plan.risks.some((risk) => risk.includes('roll forward')));
  const undo = unwrap(makePlan(input([one], { direction: 'undo' })));
  assert.equal(undo.approval, undefined);
});

test('a certificate soon to expire, or a secret that differs, takes its yes from silence', () => {
  const soon = { ...certificate, isExpired: false };
  const diff = () => [{ ...change('a/files', 'a', 'x'), secret: true }];
  for (const more of [{ certificates: [soon] }, { diff }]) {
    const plan = unwrap(
      makePlan(input([state('a/files', { x: '2' }, { x: '1' }, more)], { goals })),
    );
    assert.equal(plan.approval, undefined);
    assert.equal(plan.onSilence, 'revert');
    assert.match(plan.risks.join('\n'), /expires on|the secret x differs from now/);
  }
});

test('what was done outside since the target is told and never blocks', () => {
  const hosts = [{ component: 'a', host: 'api.pay.example', calls: 9, example: 'POST /charges' }];
  const effects = { calls: 9, hosts, isCut: true };
  const states = [state('a/files', { x: '2' }, { x: '1' })];
  const plan = unwrap(makePlan(input(states, { goals, effects })));
  assert.equal(plan.onSilence, 'keep-if-healed');
  assert.ok(
    plan.risks.includes(
      'Since 2026-01-01T00:00:00Z at least 9 calls went to hosts outside the inventory, and no ' +
        'rollback takes them back: a → api.pay.example (9, such as POST /charges).',
    ),
  );
});

test('a valid certificate that bears the name of a secret takes nothing from silence', () => {
  const diff = () => [{ ...change('a/files', 'a', 'x'), secret: true }];
  const one = state('a/files', { x: '2' }, { x: '1' }, { diff, publicPaths: ['x'] });
  const plan = unwrap(makePlan(input([one], { goals })));
  assert.equal(plan.onSilence, 'keep-if-healed');
});
