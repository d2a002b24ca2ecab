import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADAPTER_SCHEMAS, PROVIDERS } from '../../adapters/registry.ts';
import { unwrap } from '../../base/result.ts';
import { componentsOf } from '../../config/inventory.ts';
import { loadConfig } from '../../config/load.ts';
import { Inventory } from '../recovery/inventory.ts';
import { examineReach } from './examine-reach.ts';

test('the doctor names who carries traffic and has no reach probe, with the line to write', () => {
  const text = `
components:
  - name: edge
    state: [{ provider: nftables, tables: ["inet edge"] }]
  - name: gate
    kind: firewall
    state: [{ provider: files, paths: [/etc/gate] }]
  - name: probed
    reach: [{ tcp: "192.0.2.1:22" }]
    state: [{ provider: nftables, tables: ["inet other"] }]
  - name: web
    state: [{ provider: files, paths: [/etc/web] }]
  - name: switch
    kind: network-device
`;
  const loaded = loadConfig(text, 'test', ADAPTER_SCHEMAS);
  assert.ok(loaded.ok);
  const found = examineReach(unwrap(Inventory.of(componentsOf(loaded.value), PROVIDERS)));
  assert.deepEqual(
    found.map(({ subject, mend }) => [subject, mend?.split(': reach')[1]]),
    [
      ['edge', ': [ { tcp: "HOST:PORT" } ] under edge'],
      ['gate', ': [ { tcp: "HOST:PORT" } ] under gate'],
    ],
  );
});
