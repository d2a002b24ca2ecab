import assert from 'node:assert/strict';
import { setImmediate as timersRun } from 'node:timers/promises';
import { unwrap } from '../base/result.ts';
import { timeNs, type TimeNs } from '../base/time.ts';
import type { RetentionPolicy } from '../model/evidence/evidence-retention.ts';
import { RecordBatchBuilder, type BatchRow } from '../model/record/record-batch.ts';
import type { TelemetryStore } from '../ports/telemetry-store.ts';
import type { StoreUnderTest } from './telemetry-test-data.ts';

/** Longer than any test runs. */
const LONG_MS = 600_000;

/** Whole segments go once all of them is old; what is hot stays. */
export async function expiresOld(under: StoreUnderTest): Promise<void> {
  await putOne(under.store, 'old');
  unwrap(await under.store.seal());
  await putOne(under.store, 'young', YOUNG);
  unwrap(await under.store.seal());
  await putOne(under.store, 'hot');
  assert.equal(await expired(under.store, before(YOUNG)), 1);
  assert.deepEqual(await bodies(under.store), ['hot', 'young']);
  const store = await under.reopen();
  assert.deepEqual(await bodies(store), ['hot', 'young']);
  assert.equal(await expired(store, before(YOUNG)), 0);
}

/** Age counts from arrival: a record that comes late, or from a wrong clock, is not lost by it. */
export async function agesFromArrival({ store }: StoreUnderTest): Promise<void> {
  await putRows(store, [{ observedNs: YOUNG, timeNs: OLD, body: 'late' }]);
  await putRows(store, [{ observedNs: OLD, timeNs: FAR, body: 'ahead' }]);
  unwrap(await store.seal());
  await putRows(store, [{ observedNs: OLD, timeNs: FAR, body: 'ahead and alone' }]);
  unwrap(await store.seal());
  assert.equal(await expired(store, before(YOUNG)), 1);
  assert.deepEqual(await bodies(store), ['late', 'ahead']);
}

/** The first rule that matches a kind and component decides; the others have the common time. */
export async function keepsByRule(under: StoreUnderTest): Promise<void> {
  const { store } = under;
  await putRows(store, [
    { observedNs: OLD, kind: 'metric', component: 'checkout', body: 'metric of checkout' },
    { observedNs: OLD, kind: 'metric', component: 'cart', body: 'metric of cart' },
    { observedNs: OLD, kind: 'log', component: 'checkout', body: 'log of checkout' },
    { observedNs: OLD, kind: 'log', component: 'cart', body: 'log of cart', uid: 'u' },
    { observedNs: OLD, kind: 'log', body: 'log of nobody', traceLow: 7n },
  ]);
  unwrap(await store.seal());
  const policy: RetentionPolicy = {
    before: YOUNG,
    referred: [],
    rules: [
      { kinds: ['metric'], components: ['cart'], before: OLD },
      { kinds: ['metric'], before: YOUNG },
      { components: ['checkout'], before: OLD },
    ],
  };
  const ids = await idsByBody(store);
  assert.equal(await expired(store, policy), 0, 'no segment is old as a whole');
  await tidyAll(store);
  const kept = ['metric of cart', 'log of checkout'];
  assert.deepEqual(await bodies(store), kept);
  assert.deepEqual(
    await idsByBody(store),
    new Map([...ids].filter(([body]) => kept.includes(body))),
    'the others keep their ids',
  );
  const counts = unwrap(await store.density({}, 10_000));
  assert.equal(
    counts.reduce((sum, { count }) => sum + count, 0),
    2,
  );
  const traceId = '7'.padStart(32, '0');
  assert.deepEqual(await bodies(store, { traceId }), []);
  const reopened = await under.reopen();
  assert.deepEqual(await bodies(reopened), kept);
  assert.equal((await reopened.status()).records, 2);
  assert.equal(await expired(reopened, before(YOUNG)), 1);
  assert.deepEqual(await bodies(reopened), []);
}

/** What something refers to stays, all of it, and the status says why. */
export async function keepsHeld({ store }: StoreUnderTest): Promise<void> {
  const second = 1_000_000_000n;
  for (const at of [0n, 100n, 200n]) {
    // The wrong clock of one record must not keep everything for ever.
    await putRows(store, [
      { observedNs: OLD + at, timeNs: OLD + at * second, body: `at ${at}` },
      { observedNs: OLD + at, timeNs: FAR, body: `ahead ${at}` },
    ]);
    unwrap(await store.seal());
  }
  const time = {
    from: timeNs(OLD + 80n * second),
    to: timeNs(OLD + 120n * second),
    why: 'checkpoint cp_1 is pinned',
  };
  const policy = { before: YOUNG, rules: [], referred: [time] };
  assert.equal(await expired(store, policy), 2);
  assert.deepEqual(await bodies(store), ['at 100', 'ahead 100']);
  const { held, segmentBytes } = await store.status();
  assert.deepEqual(held, [{ why: time.why, segments: 1, bytes: segmentBytes }]);
  assert.equal(await expired(store, { ...policy, referred: [] }), 1);
  assert.deepEqual((await store.status()).held, []);
}

/** Above its bytes the store gives up the oldest, and what is held last. */
export async function keepsToItsBytes({ store }: StoreUnderTest): Promise<void> {
  const bodiesOf = ['a', 'b', 'c', 'd'];
  for (const [i, body] of bodiesOf.entries()) {
    await putRows(store, [{ observedNs: YOUNG + BigInt(i) * 100_000_000_000n, body }]);
    unwrap(await store.seal());
  }
  const { segmentBytes, logBytes } = await store.status();
  const time = { from: timeNs(YOUNG), to: timeNs(YOUNG + 1n), why: 'incident inc_1 is open' };
  const policy = { before: OLD, rules: [], referred: [time] };
  const fitting = (parts: number): RetentionPolicy => ({
    ...policy,
    maxBytes: logBytes + Math.ceil((segmentBytes * parts) / 4),
  });
  assert.equal(await expired(store, fitting(4)), 0);
  assert.equal(await expired(store, fitting(2.5)), 2);
  assert.deepEqual(await bodies(store), ['a', 'd']);
  const last = unwrap(await store.retain({ ...policy, maxBytes: 0 }));
  assert.equal(last.referredSegments, 1);
  assert.deepEqual(await bodies(store), []);
}

/** What is kept is not expired; records are taken meanwhile; released, it expires. */
export async function keepsFiles({ store }: StoreUnderTest): Promise<void> {
  await putOne(store, 'old');
  unwrap(await store.seal());
  const release = unwrap(await store.keepFiles(LONG_MS));
  const releaseOther = unwrap(await store.keepFiles(LONG_MS));
  assert.equal(await expired(store, before(FAR)), 0);
  assert.equal(unwrap(await store.tidy()), false);
  await putOne(store, 'new');
  unwrap(await store.seal());
  release();
  release();
  assert.equal(await expired(store, before(FAR)), 0, 'the other one still copies');
  releaseOther();
  assert.equal(await expired(store, before(FAR)), 2);
}

/** A copier that never comes back keeps nothing for ever. */
export async function keepingEnds({ store }: StoreUnderTest): Promise<void> {
  await putOne(store, 'old');
  unwrap(await store.seal());
  unwrap(await store.keepFiles(1));
  let segments = 0;
  while (segments === 0) {
    segments = await expired(store, before(FAR));
    await timersRun();
  }
  assert.equal(segments, 1);
}

const OLD = timeNs(1n);
const YOUNG = timeNs(1_000_000_001n);
const FAR = timeNs(2n ** 62n);

/** Everything that came before an instant goes. */
function before(instant: TimeNs): RetentionPolicy {
  return { before: instant, rules: [], referred: [] };
}

async function expired(store: TelemetryStore, policy: RetentionPolicy): Promise<number> {
  return unwrap(await store.retain(policy)).segments;
}

/** Does all upkeep there is; a store that never ends with it hangs here, and the test with it. */
async function tidyAll(store: TelemetryStore): Promise<void> {
  while (unwrap(await store.tidy()));
}

async function bodies(
  store: TelemetryStore,
  filter: { readonly traceId?: string } = {},
): Promise<readonly unknown[]> {
  const page = unwrap(await store.query({ ...filter, limit: 100, order: 'oldest' }));
  return page.records.map(({ body }) => body);
}

async function idsByBody(store: TelemetryStore): Promise<ReadonlyMap<string, string>> {
  const page = unwrap(await store.query({ limit: 100, order: 'arrival' }));
  return new Map(page.records.map(({ id, body }) => [String(body), id]));
}

async function putOne(store: TelemetryStore, body: string, observedNs = OLD): Promise<void> {
  await putRows(store, [{ observedNs, body }]);
}

async function putRows(
  store: TelemetryStore,
  rows: readonly (Partial<BatchRow> & { readonly observedNs: bigint })[],
): Promise<void> {
  const builder = new RecordBatchBuilder();
  for (const row of rows) builder.add({ kind: 'log', source: 'otlp', ...row });
  unwrap(await store.append(builder.build(), { source: 'otlp', sender: '10.0.0.1' }));
}
