import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Json } from '../../base/canonical-json.ts';
import { silentLog } from '../../base/log.ts';
import { unwrap } from '../../base/result.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { Catalogue } from '../../recovery/checkpoint/catalogue.ts';
import { sealedFact } from '../../recovery/checkpoint/testdata/manifest.ts';
import { Incidents } from '../../recovery/incident/incidents.ts';
import { PlanShelf } from '../../recovery/plan/plan-shelf.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { memoryKeyring } from '../../testing/memory-keyring.ts';
import { ownControlStore } from './testdata/own-control-store.ts';

const at = '2026-11-21T02:00:10Z';
const KEY = new Uint8Array(32).fill(3);

async function write(control: ControlStore, stream: string, ...entries: unknown[]): Promise<void> {
  const json: readonly Json[] = JSON.parse(JSON.stringify(entries));
  unwrap(await control.append(stream, 0, json));
}

test('a checkpoint with a fact of another version is there and never restorable', async (t) => {
  const control = await ownControlStore(t, memoryKeyring(KEY));
  const readBack = { kind: 'read-back', at, ok: true, why: 'read' };
  const soaked = { kind: 'soak-ended', at, healthy: true, why: 'healthy' };
  await write(control, 'checkpoint/cp_a', sealedFact({}), readBack, soaked);
  const later = { kind: 'condemned', at, by: 'a later version' };
  await write(control, 'checkpoint/cp_b', sealedFact({}), readBack, soaked, later);
  const catalogue = new Catalogue(control, () => 1000);
  unwrap(await catalogue.load());
  const statuses = catalogue.list().map(({ id, status }) => `${id} ${status}`);
  assert.deepEqual(statuses.toSorted(), ['cp_a good', 'cp_b unrestorable']);
  unwrap(await catalogue.add('cp_b', [{ kind: 'pinned', at, actor: 'ann', reason: 'look' }]));
  assert.match(unwrap(catalogue.view('cp_b')).statusReason, /^a fact about it .* another version$/);
});

test('a checkpoint whose manifest cannot be read is told, so that no prune frees it', async (t) => {
  const control = await ownControlStore(t, memoryKeyring(KEY));
  await write(control, 'checkpoint/cp_a', { kind: 'sealed', at, manifest: { takenAt: at } });
  const loaded = await new Catalogue(control, () => 1000).load();
  assert.ok(!loaded.ok);
  assert.equal(loaded.error.code, 'LG_STORE_CONTROL_DAMAGED');
  assert.match(loaded.error.detail, /checkpoint\/cp_a/);
});

test('incidents of another version are passed over, and the others go on', async (t) => {
  const control = await ownControlStore(t, memoryKeyring(KEY));
  const signal = {
    id: 'sig_1',
    phase: 'raised',
    trigger: 'errors',
    component: 'checkout',
    at,
    firstBadAt: at,
    value: 2,
    limit: 1,
    reason: 'errors',
    actions: ['incident'],
  };
  await write(control, 'incident/inc_a', { kind: 'opened', at });
  await write(control, 'incident/inc_b', { kind: 'opened', at, signal }, { kind: 'muted', at });
  const told: unknown[] = [];
  const incidents = new Incidents({
    store: control,
    clock: new ManualClock(),
    random: (length) => randomBytes(length),
    log: { ...silentLog, warn: (event, fields) => void told.push([event, fields?.['incident']]) },
    tell: () => undefined,
    links: () => [],
    onTrouble: () => undefined,
  });
  unwrap(await incidents.load());
  assert.deepEqual(
    incidents.list().map(({ id }) => id),
    ['inc_b'],
  );
  assert.deepEqual(told, [
    ['IncidentReadError', 'inc_a'],
    ['IncidentReadError', 'inc_b'],
  ]);
  unwrap(await incidents.acknowledge('inc_b', 'ann'));
  assert.equal(incidents.list()[0]?.state, 'acknowledged');
});

test('a plan of another version is cleared from the shelf, and none is made of it', async (t) => {
  const control = await ownControlStore(t, memoryKeyring(KEY));
  await write(control, 'plan/plan_a', { id: 'plan_a', steps: [] });
  const shelf = new PlanShelf(control, silentLog);
  const got = await shelf.get('plan_a');
  assert.equal(got.ok ? 'a plan' : got.error.code, 'LG_ROLLBACK_PLAN_UNKNOWN');
  unwrap(await shelf.load());
  assert.deepEqual(shelf.targets(), []);
  assert.deepEqual(unwrap(await control.streams('plan/')), []);
});
