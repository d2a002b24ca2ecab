import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unwrap } from '../base/result.ts';
import { timeNs } from '../base/time.ts';
import {
  absentFields,
  counts,
  everyField,
  features,
  filters,
  pages,
  pagesOverSeal,
} from './telemetry-query-conformance.ts';
import {
  batchOf,
  bodies,
  put,
  SECOND,
  T0,
  type StoreTest,
  type StoreUnderTest,
} from './telemetry-test-data.ts';
import {
  agesFromArrival,
  expiresOld,
  keepingEnds,
  keepsFiles,
  keepsByRule,
  keepsHeld,
  keepsToItsBytes,
} from './telemetry-retention-conformance.ts';

/** The tests every telemetry store must pass; `make` gives a new, empty one each time. */
export function telemetryStoreConformance(name: string, make: () => Promise<StoreUnderTest>): void {
  const using = (test: (under: StoreUnderTest) => Promise<void>) => async (): Promise<void> => {
    const under = await make();
    try {
      await test(under);
    } finally {
      await under.dispose();
    }
  };
  describe(`${name} keeps records`, () => {
    for (const sealed of [false, true]) {
      const where = sealed ? 'sealed' : 'hot';
      it(`prints a ${where} record with every field it was given`, using(everyField(sealed)));
      it(`leaves out what a ${where} record lacks`, using(absentFields(sealed)));
      it(`filters ${where} records by each member`, using(filters(sealed)));
      it(`pages ${where} records in each order, each once`, using(pages(sealed)));
      it(`counts ${where} records per bucket and severity`, using(counts(sealed)));
      it(`tells ${where} records as numbers per bucket and component`, using(features(sealed)));
    }
    it('pages on over a seal and over new records', using(pagesOverSeal));
    it('keeps records, ids, positions and watermarks over a restart', using(restarts));
    it('stores a record with a uid once per sender, also after a restart', using(uids));
    it('answers concurrent appends and stores each once', using(concurrent));
    it('expires old segments only', using(expiresOld));
    it('counts the age of a record from its arrival', using(agesFromArrival));
    it('keeps each kind and component for its own time', using(keepsByRule));
    it('keeps what a checkpoint or an incident refers to', using(keepsHeld));
    it('gives up the oldest above its bytes, held evidence last', using(keepsToItsBytes));
    it('keeps files while somebody copies them', using(keepsFiles));
    it('keeps nothing for ever for a copier that never releases it', using(keepingEnds));
    it('follows arrivals with a cursor that goes on', using(follows));
  });
  describe(`${name} refuses`, () => {
    it('a limit, cursor, trace id or bucket that is none', using(refuses));
    it('work after it was closed', using(refusesClosed));
  });
}

const restarts: StoreTest = async (under) => {
  await put(under.store, batchOf([{ observedNs: T0, body: 'sealed' }]), 'p1');
  unwrap(await under.store.seal());
  await put(under.store, batchOf([{ observedNs: T0 + SECOND, body: 'logged' }]), 'p2');
  const gap = { observedNs: T0 + SECOND, eventName: 'telemetry.source.gap', body: 'lost' };
  unwrap(await under.store.append(batchOf([gap]), { source: 'other', sender: 's' }));
  await put(under.store, batchOf([]), 'p3');
  const before = unwrap(await under.store.query({ limit: 10, order: 'oldest' }));
  const watermarks = under.store.watermarks();
  const time = '2026-09-21T14:13:21.000000007Z';
  assert.deepEqual(watermarks, [
    { source: 'other', time, gapAt: time },
    { source: 'otlp', time },
  ]);
  const store = await under.reopen();
  assert.deepEqual(unwrap(await store.query({ limit: 10, order: 'oldest' })), before);
  assert.equal(store.position('otlp'), 'p3');
  assert.equal(store.position('other'), undefined);
  assert.deepEqual(store.watermarks(), watermarks);
  await put(store, batchOf([{ observedNs: T0, body: 'new' }]));
  unwrap(await store.seal());
  const { records } = unwrap(await store.query({ limit: 10, order: 'arrival' }));
  assert.equal(new Set(records.map(({ id }) => id)).size, 4);
  assert.deepEqual(store.watermarks(), watermarks);
  assert.equal((await (await under.reopen()).status()).records, 4);
};

const uids: StoreTest = async (under) => {
  const batch = batchOf([
    { observedNs: T0, uid: 'u-1', body: 'first' },
    { observedNs: T0, uid: 'u-2', body: 'second' },
    { observedNs: T0, uid: 'u-1', body: 'again' },
    { observedNs: T0, body: 'without' },
  ]);
  const from = (sender: string): { source: string; sender: string } => ({ source: 'otlp', sender });
  assert.deepEqual(unwrap(await under.store.append(batch, from('a'))), { stored: 3, repeated: 1 });
  assert.deepEqual(unwrap(await under.store.append(batch, from('a'))), { stored: 1, repeated: 3 });
  assert.deepEqual(unwrap(await under.store.append(batch, from('b'))), { stored: 3, repeated: 1 });
  let store = await under.reopen();
  assert.deepEqual(unwrap(await store.append(batch, from('b'))), { stored: 1, repeated: 3 });
  unwrap(await store.seal());
  store = await under.reopen();
  assert.deepEqual(unwrap(await store.append(batch, from('a'))), { stored: 1, repeated: 3 });
  assert.equal((await bodies(store, {})).length, 9);
};

const concurrent: StoreTest = async (under) => {
  const count = 40;
  const answers = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      under.store.append(batchOf([{ observedNs: T0, body: `${i}` }]), {
        source: 'otlp',
        sender: 's',
        position: `${i}`,
      }),
    ),
  );
  for (const answer of answers) assert.deepEqual(unwrap(answer), { stored: 1, repeated: 0 });
  const store = await under.reopen();
  const expected = Array.from({ length: count }, (_, i) => `${i}`);
  assert.deepEqual(await bodies(store, { order: 'arrival' }), expected);
  assert.equal(store.position('otlp'), `${count - 1}`);
};

const follows: StoreTest = async ({ store }) => {
  const first = unwrap(await store.query({ limit: 10, order: 'arrival' }));
  assert.deepEqual(first.records, []);
  await put(store, batchOf([{ observedNs: T0, body: 'one' }]));
  const second = unwrap(
    await store.query({ limit: 10, order: 'arrival', cursor: first.nextCursor }),
  );
  assert.deepEqual(
    second.records.map(({ body }) => body),
    ['one'],
  );
  unwrap(await store.seal());
  await put(store, batchOf([{ observedNs: T0 - SECOND, body: 'late' }]));
  const third = unwrap(
    await store.query({ limit: 10, order: 'arrival', cursor: second.nextCursor }),
  );
  assert.deepEqual(
    third.records.map(({ body }) => body),
    ['late'],
  );
};

const refuses: StoreTest = async ({ store }) => {
  const page = { limit: 10, order: 'newest' } as const;
  const refused = [
    await store.query({ ...page, limit: 0 }),
    await store.query({ ...page, limit: 10_001 }),
    await store.query({ ...page, limit: 1.5 }),
    await store.query({ ...page, cursor: 'x' }),
    await store.query({ ...page, cursor: '../../etc' }),
    await store.query({ ...page, traceId: "5' OR 1=1 --" }),
    await store.query({ ...page, from: timeNs(2n ** 64n) }),
    await store.query({ ...page, minSeverity: Number.NaN }),
    await store.density({}, 0),
    await store.density({ from: timeNs(0n), to: timeNs(T0) }, 1),
  ];
  for (const result of refused) {
    assert.ok(!result.ok);
    assert.equal(result.error.code, 'LG_STORE_QUERY_INVALID');
  }
  await put(store, batchOf([0, 1].map(() => ({ observedNs: T0 }))));
  const { nextCursor } = unwrap(await store.query({ limit: 1, order: 'newest' }));
  const other = await store.query({ limit: 1, order: 'oldest', cursor: nextCursor });
  assert.ok(!other.ok, 'a cursor serves the order it came from');
};

const refusesClosed: StoreTest = async ({ store }) => {
  await store.close();
  await store.close();
  const results = [
    await store.append(batchOf([]), { source: 's', sender: 's' }),
    await store.query({ limit: 1, order: 'newest' }),
    await store.density({}, 1000),
    await store.seal(),
    await store.retain({ before: timeNs(0n), rules: [], referred: [] }),
    await store.tidy(),
    await store.keepFiles(1),
  ];
  for (const result of results) assert.ok(!result.ok && result.error.code === 'LG_STORE_CLOSED');
};
