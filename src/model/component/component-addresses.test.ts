import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthProbe } from './component.ts';
import { componentAddresses } from './component-addresses.ts';

const ping = (address: string): HealthProbe => ({
  kind: 'command',
  command: ['ping', '-c', '1', address],
  timeoutMs: 1_000,
});

test('an address that a reach check asks is that of its component, unless two ask it', () => {
  const components = [
    { name: 'r1', health: [ping('10.0.0.9')], reach: [ping('10.0.1.2'), ping('fe80::1')] },
    { name: 'r2', health: [], reach: [ping('10.0.2.2'), ping('10.0.3.3')] },
    { name: 'r3', health: [], reach: [ping('10.0.3.3')] },
  ];
  assert.deepEqual(componentAddresses(components), {
    '10.0.1.2': 'r1',
    'fe80::1': 'r1',
    '10.0.2.2': 'r2',
  });
});
