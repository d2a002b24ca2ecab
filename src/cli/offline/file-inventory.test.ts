import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileInventory } from './file-inventory.ts';

const invocation = (config?: string) => ({ options: config === undefined ? {} : { config } });

test('a named configuration says who is meant, who needs whom and who has an address', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-inventory-'));
  try {
    const config = join(folder, 'lastgood.yaml');
    writeFileSync(
      config,
      `version: 1
components:
  - { name: edge, kind: network-device, aliases: [r1, 10.0.0.1] }
  - { name: shop, kind: application, dependsOn: [edge], health: [ { tcp: "10.0.0.2:80" } ] }
`,
    );
    const { resolve, dependencies, passive, addresses } = await fileInventory(invocation(config));
    assert.equal(resolve({ 'host.name': 'R1.example.net' }).component, 'edge');
    assert.equal(resolve({ 'host.ip': ['10.0.0.1'] }).component, 'edge');
    assert.deepEqual(dependencies, [{ from: 'shop', to: 'edge' }]);
    assert.deepEqual(passive, ['edge']);
    assert.deepEqual(addresses, { '10.0.0.2:80': 'shop' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('without one records are called what they call themselves', async () => {
  const { resolve, dependencies } = await fileInventory(invocation());
  assert.equal(resolve({ 'host.name': 'R1.example.net' }).component, 'r1');
  assert.deepEqual(dependencies, []);
});

test('a configuration that is wrong is an error, not an empty inventory', async () => {
  await assert.rejects(fileInventory(invocation('/nowhere.yaml')), /LG_CONFIG_UNREADABLE/);
});
