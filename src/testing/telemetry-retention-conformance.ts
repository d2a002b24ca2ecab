import assert from 'node:assert/strict';
import { setImmediate as timersRun } from 'node:timers/promises';
import { unwrap } from '../base/result.ts';
import { timeNs } from '../base/time.ts';
import { RecordBatchBuilder } from '../model/record-batch.ts';
import type { TelemetryStore } from '../ports/telemetry-store.ts';
import type { StoreUnderTest } from './telemetry-store-conformance.ts';

/** Longer than any test runs. */
const LONG_MS = 600_000;

/** Whole segments go once all of them is old; what is hot stays. */
export async function expiresOld(under: StoreUnderTest): Promise<void> {
  await putOne(under.store, 'old');
  unwrap(await under.store.seal());
  await putOne(under.store, 'young', YOUNG);
  unwrap(await under.store.seal());
  await putOne(under.store, 'hot');
  assert.equal(unwrap(await under.store.expire(YOUNG)), 1);
  assert.deepEqual(await bodies(under.store), ['hot', 'young']);
  const store = await under.reopen();
  assert.deepEqual(await bodies(store), ['hot', 'young']);
  assert.equal(unwrap(await store.expire(YOUNG)), 0);
}

/** What is held is not expired; records are taken meanwhile; released, it expires. */
export async function holdsFiles({ store }: StoreUnderTest): Promise<void> {
  await putOne(store, 'old');
  unwrap(await store.seal());
  const release = unwrap(await store.hold(LONG_MS));
  const releaseOther = unwrap(await store.hold(LONG_MS));
  assert.equal(unwrap(await store.expire(FAR)), 0);
  await putOne(store, 'new');
  unwrap(await store.seal());
  release();
  release();
  assert.equal(unwrap(await store.expire(FAR)), 0, 'the other hold still counts');
  releaseOther();
  assert.equal(unwrap(await store.expire(FAR)), 2);
}

/** A holder that never comes back keeps nothing for ever. */
export async function holdsEnd({ store }: StoreUnderTest): Promise<void> {
  await putOne(store, 'old');
  unwrap(await store.seal());
  unwrap(await store.hold(1));
  let expired = 0;
  while (expired === 0) {
    expired = unwrap(await store.expire(FAR));
    await timersRun();
  }
  assert.equal(expired, 1);
}

const OLD = timeNs(1n);
const YOUNG = timeNs(1_000_000_001n);
const FAR = timeNs(2n ** 62n);

async function bodies(store: TelemetryStore): Promise<readonly unknown[]> {
  const page = unwrap(await store.query({ limit: 100, order: 'oldest' }));
  return page.records.map(({ body }) => body);
}

async function putOne(store: TelemetryStore, body: string, observedNs = OLD): Promise<void> {
  const builder = new RecordBatchBuilder();
  builder.add({ kind: 'log', source: 'otlp', observedNs, body });
  unwrap(await store.append(builder.build(), { source: 'otlp', sender: '10.0.0.1' }));
}
