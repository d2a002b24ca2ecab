import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROVIDERS } from '../../adapters/registry.ts';
import { fromBase64, fromUtf8, utf8 } from '../../base/bytes.ts';
import { canonicalJson, type JsonObject } from '../../base/canonical-json.ts';
import { ok, unwrap } from '../../base/result.ts';
import type { StateItem } from '../../model/checkpoint/capture.ts';
import { manifestOf, viewOf } from '../../recovery/checkpoint/testdata/manifest.ts';
import { exportCheckpoint } from './export-checkpoint.ts';
import { Inventory } from './inventory.ts';

/** What RESTORE.md says of one state, captured by a provider with these settings. */
async function wordsFor(
  provider: string,
  spec: Readonly<Record<string, unknown>> | undefined,
  items: readonly StateItem[],
  scope?: JsonObject,
): Promise<string> {
  const id = `shop/${provider}`;
  const base = { name: 'shop', kind: 'application', dependsOn: [], health: [] } as const;
  const requires = { logs: [], traces: [], events: [], withinMs: 1 };
  const states = spec === undefined ? [] : [{ id, component: 'shop', provider, spec }];
  const inventory = unwrap(Inventory.of([{ ...base, requires, state: states }], PROVIDERS));
  const [usual] = manifestOf({}).captures;
  assert.ok(usual !== undefined);
  const covered = scope === undefined ? {} : { scope };
  const capture = { ...usual, state: id, provider, ...covered };
  const image = utf8(canonicalJson(JSON.parse(JSON.stringify(items))));
  const vault = { get: () => Promise.resolve(ok(image)) };
  const view = viewOf('cp_a', 'good', { captures: [capture] });
  for await (const entry of exportCheckpoint(view, vault, inventory)) {
    if (entry.kind !== 'file' || entry.path !== 'RESTORE.md') continue;
    return fromUtf8(fromBase64(entry.content ?? ''));
  }
  return '';
}

const running: StateItem = { path: 'running', attributes: { state: 'running', type: 'service' } };
const enabled: StateItem = { path: 'enabled', attributes: { state: 'enabled', type: 'service' } };

test('RESTORE.md has the commands that bring a service back, by unit and by command', async () => {
  const byUnit = await wordsFor('service', { unit: 'shop.service' }, [enabled, running]);
  assert.match(
    byUnit,
    /^systemctl .*enable -- shop\.service\nsystemctl .*start -- shop\.service$/m,
  );
  const spec = { start: ['shop', 'up now'], stop: ['shop', 'down'], status: ['shop', 'ok'] };
  assert.match(await wordsFor('service', spec, [running]), /^shop 'up now'$/m);
  const stopped = { ...running, attributes: { state: 'stopped', type: 'service' } };
  assert.match(await wordsFor('service', spec, [stopped]), /^shop down$/m);
});

test('RESTORE.md calls nothing added since that was not covered at capture', async () => {
  const link: StateItem = { path: '/a/l', attributes: { type: 'link', target: 'r1' } };
  const spec = { paths: ['/a', '/b'], exclude: [] };
  assert.match(await wordsFor('files', spec, [link]), /^find \/a \/b /m);
  const captured = { paths: ['/a'], exclude: [] };
  assert.match(await wordsFor('files', spec, [link], captured), /^find \/a 2> /m);
});

test('RESTORE.md tells what it can of a state that nobody names any more', async () => {
  const link: StateItem = {
    path: '/srv/shop/current',
    attributes: { type: 'link', target: 'r1', uid: 0, gid: 0 },
  };
  const words = await wordsFor('files', undefined, [link]);
  assert.match(words, /^cp -dT --remove-destination shop-files\/root\/srv\/shop\/current /m);
  assert.match(await wordsFor('service', undefined, [running]), /^# it was running$/m);
});

test('of all providers, only the whole host is a machine that others stand on', () => {
  const machines = [...PROVIDERS].filter(([, { isMachine }]) => isMachine).map(([kind]) => kind);
  assert.deepEqual(machines, ['host']);
});
