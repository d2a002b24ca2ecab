import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DependencySeen } from '../../model/evidence/entity-report.ts';
import { dependenciesOf } from './dependencies.ts';

const COMPONENTS = [
  { name: 'checkout', dependsOn: ['payment', 'web1'] },
  { name: 'payment', dependsOn: [] },
  { name: 'web1', dependsOn: [] },
];

function seen(from: string, to: string, more: Partial<DependencySeen> = {}): DependencySeen {
  const times = { since: '2026-01-01T10:00:00Z', lastAt: '2026-01-01T11:00:00Z' };
  return { from, to, origin: 'spans', count: 1, ...times, ...more };
}

const gapsOf = (list: readonly DependencySeen[], aliases = new Map<string, string>()) =>
  dependenciesOf(COMPONENTS, list, aliases).map(({ from, to, gap = '-' }) => [from, to, gap]);

test('what is declared and never seen, and what is seen and never declared, is told', () => {
  assert.deepEqual(gapsOf([seen('checkout', 'payment'), seen('payment', 'ledger')]), [
    ['checkout', 'payment', '-'],
    ['checkout', 'web1', 'never seen'],
    ['payment', 'ledger', 'not declared'],
  ]);
});

test('calls under an alias are those of its component, counted together', () => {
  const earlier = { since: '2026-01-01T09:00:00Z', lastAt: '2026-01-01T09:30:00Z', count: 4 };
  const list = [seen('checkout', 'payment'), seen('checkout', 'pay-svc', earlier)];
  const [edge] = dependenciesOf(COMPONENTS, list, new Map([['pay-svc', 'payment']]));
  assert.deepEqual(edge?.seen, [
    { origin: 'spans', count: 5, since: earlier.since, lastAt: '2026-01-01T11:00:00Z' },
  ]);
});

test('where a program runs counts between components only', () => {
  const placed = { origin: 'placement' } as const;
  const list = [seen('checkout', 'web1', placed), seen('cron', 'web1', placed)];
  assert.deepEqual(gapsOf(list), [
    ['checkout', 'payment', 'never seen'],
    ['checkout', 'web1', '-'],
  ]);
});
