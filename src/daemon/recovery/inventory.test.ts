import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADAPTER_SCHEMAS, PROVIDERS } from '../../adapters/registry.ts';
import { unwrap } from '../../base/result.ts';
import { componentsOf } from '../../config/inventory.ts';
import { loadConfig } from '../../config/load.ts';
import { Inventory } from './inventory.ts';

test('whom the configuration names writes every state of its component, and of no other', () => {
  const text = `
components:
  - name: web
    writers: [{ unit: sync.timer }, { lock: /run/lock/nightly }]
    state: [{ provider: files, paths: [/etc/web] }, { provider: service, unit: web.service }]
  - name: mail
    state: [{ provider: files, paths: [/etc/mail] }]
`;
  const loaded = loadConfig(text, 'test', ADAPTER_SCHEMAS);
  assert.ok(loaded.ok);
  const inventory = unwrap(Inventory.of(componentsOf(loaded.value), PROVIDERS));
  const named = inventory.states.map(
    (state) => `${state.id}: ${inventory.writersOf(state).map(({ name }) => name)}`,
  );
  assert.deepEqual(named, [
    'web/files: sync.timer,/run/lock/nightly',
    'web/service: sync.timer,/run/lock/nightly',
    'mail/files: ',
  ]);
});
