import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from './load.ts';
import { soakTime } from './soak-time.ts';

function soakOf(soak: string, windows: readonly string[]): number {
  const triggers = windows.map(
    (window, at) => `  - { name: t${at}, signal: log-rate, above: 1, window: ${window} }\n`,
  );
  const rules = triggers.length === 0 ? 'triggers: []\n' : `triggers:\n${triggers.join('')}`;
  const adapters = { sources: new Map(), providers: new Map() };
  const loaded = loadConfig(`checkpoints: { soak: ${soak} }\n${rules}`, 'lastgood.yaml', adapters);
  assert.ok(loaded.ok);
  return soakTime(loaded.value);
}

test('a soak lasts two of the longest trigger window, or longer where it is configured', () => {
  assert.equal(soakOf('10s', ['30s', '5m', '1m']), 600_000);
  assert.equal(soakOf('1h', ['30s', '5m']), 3_600_000);
  assert.equal(soakOf('10s', []), 10_000);
});
