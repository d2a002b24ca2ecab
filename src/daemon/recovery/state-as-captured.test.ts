import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADAPTER_SCHEMAS, PROVIDERS } from '../../adapters/registry.ts';
import { unwrap } from '../../base/result.ts';
import { componentsOf } from '../../config/inventory.ts';
import { loadConfig } from '../../config/load.ts';
import type { Capture } from '../../model/checkpoint/capture.ts';
import { scopeOf } from '../../model/checkpoint/capture-scope.ts';
import type { StateSpec } from '../../model/component/component.ts';
import { Inventory } from './inventory.ts';
import { stateAsCaptured } from './state-as-captured.ts';

/** Settings of each provider that can restore a part of something, less and more of it. */
const PAIRS: readonly (readonly [kind: string, less: string, more: string])[] = [
  ['files', 'paths: [/a]', 'paths: [/a, /b]'],
  ['files', 'paths: [/a], exclude: ["*.log"]', 'paths: [/a]'],
  ['nginx', 'paths: [/etc/nginx]', 'paths: [/etc/nginx, /srv/nginx]'],
  ['haproxy', 'paths: [/etc/haproxy]', 'paths: [/etc/haproxy], socket: /run/haproxy.sock'],
  ['frr', 'persistent: [/etc/frr]', 'persistent: [/etc/frr, /srv/frr]'],
  ['nftables', 'tables: [inet filter]', 'tables: [inet filter, inet extra]'],
  ['nftables', 'tables: [inet filter], passing: [inet filter b]', 'tables: [inet filter]'],
  ['routes', 'links: [a]', 'links: [a, b]'],
  ['routes', 'links: [a], tables: [main]', 'links: [a]'],
  ['routes', 'links: [a], rules: false', 'links: [a]'],
  ['sysctl', 'keys: [vm.swappiness]', 'keys: [vm.swappiness, net.ipv4.ip_forward]'],
  ['service', 'unit: a.service', 'unit: a.service, environment: [/etc/default/a]'],
  ['deployment', 'current: /srv/now, exclude: [cache]', 'current: /srv/now'],
  ['netconf', 'command: [x], nodes: ["m:a"]', 'command: [x]'],
];

test('what the settings at capture did not cover is no part of a rollback to it', () => {
  for (const [kind, less, more] of PAIRS) {
    const [then, now] = [inventoryOf(kind, less), inventoryOf(kind, more)];
    const asked = unwrap(stateAsCaptured(now, captureOf(then)));
    assert.deepEqual(asked.state, onlyState(then), `${kind}: ${more}`);
    assert.ok(asked.uncovered.length > 0, `${kind}: it says what is left alone`);
  }
});

test('what the settings of today do not cover is not brought back, and the plan says so', () => {
  for (const [kind, less, more] of PAIRS) {
    const [then, now] = [inventoryOf(kind, more), inventoryOf(kind, less)];
    const refused = stateAsCaptured(now, captureOf(then));
    assert.equal(refused.ok ? 'allowed' : refused.error.code, 'LG_ROLLBACK_IMPOSSIBLE', kind);
  }
});

test('a capture that does not say what it covered is restored as it is configured', () => {
  const now = inventoryOf('files', 'paths: [/a, /b]');
  const { scope: _scope, ...old } = captureOf(inventoryOf('files', 'paths: [/a]'));
  assert.deepEqual(unwrap(stateAsCaptured(now, old)).state, onlyState(now));
});

function inventoryOf(kind: string, settings: string): Inventory {
  const text = `components: [{ name: shop, state: [{ provider: ${kind}, ${settings} }] }]`;
  const loaded = loadConfig(text, 'test', ADAPTER_SCHEMAS);
  assert.ok(loaded.ok, `${kind}: ${settings}`);
  return unwrap(Inventory.of(componentsOf(loaded.value), PROVIDERS));
}

function onlyState({ states: [state] }: Inventory): StateSpec {
  assert.ok(state !== undefined);
  return state;
}

function captureOf(inventory: Inventory): Pick<Capture, 'state' | 'scope'> {
  const state = onlyState(inventory);
  return { state: state.id, scope: scopeOf(state.spec, inventory.provider(state).scope) };
}
