import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import { realDisk } from '../../../base/disk.ts';
import { silentLog } from '../../../base/log.ts';
import { unwrap } from '../../../base/result.ts';
import { timeNs } from '../../../base/time.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { TelemetryStore } from '../../../ports/telemetry-store.ts';
import { localChannel } from './engine/engine-channel.ts';
import { openSegmentStore } from './open-segment-store.ts';
import { hostClock, memoryKeyring, testBatch, testFolder } from './testdata/store-fixture.ts';

const DAY_NS = 86_400_000_000_000n;

/** A host whose wall clock is set while it runs, as by a late NTP or a person. */
function steppedClock(): { readonly clock: Clock; step(byNs: bigint): void } {
  let offsetNs = 0n;
  return {
    clock: { ...hostClock, now: () => timeNs(hostClock.now() + offsetNs) },
    step: (byNs) => {
      offsetNs += byNs;
    },
  };
}

async function bodies(store: TelemetryStore): Promise<readonly unknown[]> {
  const { records } = unwrap(await store.query({ limit: 1000, order: 'arrival' }));
  return records.map(({ body }) => body);
}

test('a wall clock that is set forwards or back loses and doubles nothing', async (t) => {
  const folder = await testFolder();
  t.after(() => fs.rm(folder, { recursive: true }));
  const keyring = memoryKeyring();
  const { clock, step } = steppedClock();
  const parts = { folder, disk: realDisk, keyring, clock, log: silentLog };
  const open = async (): Promise<TelemetryStore> =>
    unwrap(await openSegmentStore({ ...parts, startEngine: localChannel }));
  let store = await open();
  const send = async (name: string): Promise<number> => {
    const row = { observedNs: clock.now(), timeNs: clock.now(), body: name, uid: name };
    const origin = { source: 'test', sender: 's', position: name };
    return unwrap(await store.append(testBatch([row]), origin)).stored;
  };
  assert.equal(await send('before'), 1);
  for (const name of ['ahead 1', 'ahead 2', 'ahead 3']) {
    step(20n * DAY_NS);
    assert.equal(await send(name), 1);
  }
  assert.equal(await send('before'), 0, 'sixty days passed by the wall clock alone');
  unwrap(await store.seal());
  step(-80n * DAY_NS);
  assert.equal(await send('behind'), 1);
  assert.equal(await send('ahead 3'), 0);
  assert.equal(store.position('test'), 'ahead 3', 'the newest position, whatever its time');
  await store.close();
  store = await open();
  const found = ['before', 'ahead 1', 'ahead 2', 'ahead 3', 'behind'];
  assert.deepEqual(await bodies(store), found, 'in the order in which they came');
  assert.equal(await send('behind'), 0, 'also after a restart');
  unwrap(await store.seal());
  assert.deepEqual(await bodies(store), found);
  await store.close();
});
