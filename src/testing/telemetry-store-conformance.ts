import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unwrap } from '../base/result.ts';
import { timeNs } from '../base/time.ts';
import { RecordBatchBuilder, type BatchRow, type RecordBatch } from '../model/record-batch.ts';
import type { TimelineQuery } from '../model/timeline-query.ts';
import type { TelemetryStore } from '../ports/telemetry-store.ts';
import { expiresOld, holdsEnd, holdsFiles } from './telemetry-retention-conformance.ts';

/** One store under test with its own data, which outlives closing it. */
export interface StoreUnderTest {
  readonly store: TelemetryStore;
  /** Closes the store and opens it again over the same data. */
  reopen(): Promise<TelemetryStore>;
  /** Closes what is open and removes the data. */
  dispose(): Promise<void>;
}

/** Start of the tests' time: some instant with a fraction that only nanoseconds can tell. */
const T0 = 1_790_000_000_000_000_007n;
const SECOND = 1_000_000_000n;

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
    }
    it('pages on over a seal and over new records', using(pagesOverSeal));
    it('keeps records, ids, positions and watermarks over a restart', using(restarts));
    it('stores a record with a uid once per sender, also after a restart', using(uids));
    it('answers concurrent appends and stores each once', using(concurrent));
    it('expires old segments only', using(expiresOld));
    it('keeps files while they are held', using(holdsFiles));
    it('ends a hold that nobody releases', using(holdsEnd));
    it('follows arrivals with a cursor that goes on', using(follows));
  });
  describe(`${name} refuses`, () => {
    it('a limit, cursor, trace id or bucket that is none', using(refuses));
    it('work after it was closed', using(refusesClosed));
  });
}

type Test = (under: StoreUnderTest) => Promise<void>;

/** A batch of rows that need not say their source. */
function batchOf(
  rows: readonly (Partial<BatchRow> & { readonly observedNs: bigint })[],
): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (const row of rows) builder.add({ kind: 'log', source: 'otlp', ...row });
  return builder.build();
}

async function put(store: TelemetryStore, batch: RecordBatch, position?: string): Promise<void> {
  const origin = {
    source: 'otlp',
    sender: '10.0.0.1',
    ...(position === undefined ? {} : { position }),
  };
  unwrap(await store.append(batch, origin));
}

async function sealIf(store: TelemetryStore, sealed: boolean): Promise<void> {
  if (sealed) unwrap(await store.seal());
}

async function bodies(store: TelemetryStore, query: Partial<TimelineQuery>): Promise<unknown[]> {
  const page = unwrap(await store.query({ limit: 100, order: 'oldest', ...query }));
  return page.records.map(({ body }) => body);
}

const everyField =
  (sealed: boolean): Test =>
  async ({ store }) => {
    const row: BatchRow & { readonly observedNs: bigint } = {
      kind: 'span',
      timeNs: T0,
      observedNs: T0 + 5n,
      durationNs: 1500n,
      severity: 17,
      severityText: 'ERROR',
      component: 'checkout',
      host: 'host-1',
      service: 'checkout',
      eventName: 'exception',
      resource: '{"service.name":"checkout"}',
      source: 'otlp',
      clock: 'host-1',
      traceHigh: 0x0123456789abcdefn,
      traceLow: 0xfedcba9876543210n,
      span: 0xffffffffffffffffn,
      parentSpan: 1n,
      body: '{"a":["ü",null]}',
      bodyIsJson: true,
      attributes: '{"http.route":"/orders"}',
      position: '7',
      uid: 'u-1',
    };
    await put(store, batchOf([row]));
    await sealIf(store, sealed);
    const { records } = unwrap(await store.query({ limit: 10, order: 'newest' }));
    const { id, ...rest } = records[0] ?? assert.fail('the record is not there');
    assert.match(id, /^[0-9a-z-]+$/);
    assert.deepEqual(rest, {
      kind: 'span',
      time: '2026-09-21T14:13:20.000000007Z',
      observedTime: '2026-09-21T14:13:20.000000012Z',
      alignedTime: '2026-09-21T14:13:20.000000007Z',
      clock: { id: 'host-1', offsetNs: 0, method: 'none' },
      component: 'checkout',
      host: 'host-1',
      service: 'checkout',
      severity: 17,
      severityText: 'ERROR',
      eventName: 'exception',
      body: { a: ['ü', null] },
      traceId: '0123456789abcdeffedcba9876543210',
      spanId: 'ffffffffffffffff',
      parentSpanId: '0000000000000001',
      durationNs: 1500,
      resource: { 'service.name': 'checkout' },
      attributes: { 'http.route': '/orders' },
      source: { id: 'otlp', position: '7' },
    });
  };

const absentFields =
  (sealed: boolean): Test =>
  async ({ store }) => {
    await put(store, batchOf([{ observedNs: -1n }]));
    await sealIf(store, sealed);
    const { records } = unwrap(await store.query({ limit: 10, order: 'oldest' }));
    const { id: _, ...rest } = records[0] ?? assert.fail('the record is not there');
    assert.deepEqual(rest, {
      kind: 'log',
      time: null,
      observedTime: '1969-12-31T23:59:59.999999999Z',
      alignedTime: '1969-12-31T23:59:59.999999999Z',
      clock: { id: '', offsetNs: 0, method: 'none' },
      severity: 0,
      resource: {},
      attributes: {},
      source: { id: 'otlp' },
    });
  };

const filters =
  (sealed: boolean): Test =>
  async ({ store }) => {
    const at = (seconds: number): bigint => T0 + BigInt(seconds) * SECOND;
    await put(
      store,
      batchOf([
        { observedNs: at(0), timeNs: at(0), component: 'a', body: 'Zero "quoted"', severity: 9 },
        {
          observedNs: at(1),
          component: 'b',
          body: 'one',
          kind: 'span',
          traceLow: 5n,
          severity: 17,
        },
        { observedNs: at(2), timeNs: at(2), body: 'two', eventName: 'e.two', kind: 'event' },
        {
          observedNs: at(3),
          component: 'a',
          body: 'three',
          attributes: '{"k":"GRÜN \\"x\\", Item 4711 SOLD"}',
        },
      ]),
    );
    await sealIf(store, sealed);
    const wanted: readonly (readonly [Partial<TimelineQuery>, readonly string[]])[] = [
      [{}, ['Zero "quoted"', 'one', 'two', 'three']],
      [{ from: timeNs(at(1)), to: timeNs(at(3)) }, ['one', 'two']],
      [{ components: ['a'] }, ['Zero "quoted"', 'three']],
      [{ components: ['a', 'b', 'unknown'] }, ['Zero "quoted"', 'one', 'three']],
      [{ components: ['unknown'] }, []],
      [{ kinds: ['span', 'event'] }, ['one', 'two']],
      [{ minSeverity: 10 }, ['one']],
      [{ eventNames: ['e.two'] }, ['two']],
      [{ traceId: '00000000000000000000000000000005' }, ['one']],
      [{ traceId: '00000000000000000000000000000006' }, []],
      [{ text: 'zero "QUOTED' }, ['Zero "quoted"']],
      [{ text: 'grün "X' }, ['three']],
      [{ text: 'item 4711 sold' }, ['three']],
      [{ text: 'item 4712 sold' }, []],
      [{ text: "no'thing%" }, []],
    ];
    for (const [query, expected] of wanted) {
      assert.deepEqual(await bodies(store, query), expected, JSON.stringify(expected));
    }
  };

const pages =
  (sealed: boolean): Test =>
  async ({ store }) => {
    // Equal times, so that the order of arrival decides.
    for (const group of [2, 0, 1]) {
      const rows = [0, 1, 2].map((i) => ({
        observedNs: T0 + BigInt(group) * SECOND,
        body: `${group}.${i}`,
        component: `c${i}`,
      }));
      await put(store, batchOf(rows));
      if (group === 2) await sealIf(store, sealed);
    }
    await sealIf(store, sealed);
    const oldest = ['0.0', '0.1', '0.2', '1.0', '1.1', '1.2', '2.0', '2.1', '2.2'];
    const arrival = ['2.0', '2.1', '2.2', '0.0', '0.1', '0.2', '1.0', '1.1', '1.2'];
    assert.deepEqual(await allPages(store, 'oldest'), oldest);
    assert.deepEqual(await allPages(store, 'newest'), oldest.toReversed());
    assert.deepEqual(await allPages(store, 'arrival'), arrival);
  };

async function allPages(
  store: TelemetryStore,
  order: TimelineQuery['order'],
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const ids = new Set<string>();
  let cursor: string | undefined;
  for (;;) {
    const page = unwrap(await store.query({ limit: 2, order, cursor }));
    for (const record of page.records) {
      assert.ok(!ids.has(record.id), `record ${record.id} came twice`);
      ids.add(record.id);
      seen.push(record.body);
    }
    cursor = page.nextCursor;
    if (cursor === undefined || page.records.length === 0) return seen;
    await between();
  }
}

const pagesOverSeal: Test = async ({ store }) => {
  const rows = [0, 1, 2, 3, 4].map((i) => ({ observedNs: T0 + BigInt(i), body: `${i}` }));
  await put(store, batchOf(rows));
  const seen = await allPages(store, 'newest', async () => {
    await put(store, batchOf([{ observedNs: T0 + SECOND, body: 'later' }]));
    unwrap(await store.seal());
  });
  assert.deepEqual(seen, ['4', '3', '2', '1', '0']);
};

const counts =
  (sealed: boolean): Test =>
  async ({ store }) => {
    const start = 1_790_000_000n * SECOND;
    const rows = [-11, -1, 0, 4, 10, 19, 20].map((second) => ({
      observedNs: start + BigInt(second) * SECOND,
      severity: second === 4 ? 17 : 9,
      component: second === 10 ? 'b' : 'a',
    }));
    await put(store, batchOf(rows));
    await sealIf(store, sealed);
    const density = async (query: object, bucketMs: number): Promise<string[]> =>
      unwrap(await store.density(query, bucketMs)).map(
        ({ time, severity, count }) => `${time.slice(11, 19)} ${severity} ${count}`,
      );
    const all = ['14:13:00 9 1', '14:13:10 9 1', '14:13:20 9 1', '14:13:20 17 1'];
    assert.deepEqual(await density({}, 10_000), [...all, '14:13:30 9 2', '14:13:40 9 1']);
    const ragged = { from: timeNs(start + 4n * SECOND), to: timeNs(start + 19n * SECOND) };
    assert.deepEqual(await density(ragged, 10_000), ['14:13:20 17 1', '14:13:30 9 1']);
    const within = { from: timeNs(start + SECOND), to: timeNs(start + 5n * SECOND) };
    assert.deepEqual(await density(within, 10_000), ['14:13:20 17 1']);
    const only = { components: ['a'], minSeverity: 9 };
    const hour = ['14:00:00 9 5', '14:00:00 17 1'];
    assert.deepEqual(await density(only, 3_600_000), hour);
    assert.deepEqual(await density({ kinds: ['span'] }, 3_600_000), []);
    assert.deepEqual(await density({ minSeverity: 10 }, 1), ['14:13:24 17 1']);
  };

const restarts: Test = async (under) => {
  await put(under.store, batchOf([{ observedNs: T0, body: 'sealed' }]), 'p1');
  unwrap(await under.store.seal());
  await put(under.store, batchOf([{ observedNs: T0 + SECOND, body: 'logged' }]), 'p2');
  await put(under.store, batchOf([]), 'p3');
  const before = unwrap(await under.store.query({ limit: 10, order: 'oldest' }));
  const watermarks = under.store.watermarks();
  assert.deepEqual(watermarks, [{ source: 'otlp', time: '2026-09-21T14:13:21.000000007Z' }]);
  const store = await under.reopen();
  assert.deepEqual(unwrap(await store.query({ limit: 10, order: 'oldest' })), before);
  assert.equal(store.position('otlp'), 'p3');
  assert.equal(store.position('other'), undefined);
  assert.deepEqual(store.watermarks(), watermarks);
  await put(store, batchOf([{ observedNs: T0, body: 'new' }]));
  unwrap(await store.seal());
  const { records } = unwrap(await store.query({ limit: 10, order: 'arrival' }));
  assert.equal(new Set(records.map(({ id }) => id)).size, 3);
  assert.equal((await store.status()).records, 3);
};

const uids: Test = async (under) => {
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

const concurrent: Test = async (under) => {
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

const follows: Test = async ({ store }) => {
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

const refuses: Test = async ({ store }) => {
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

const refusesClosed: Test = async ({ store }) => {
  await store.close();
  await store.close();
  const results = [
    await store.append(batchOf([]), { source: 's', sender: 's' }),
    await store.query({ limit: 1, order: 'newest' }),
    await store.density({}, 1000),
    await store.seal(),
    await store.expire(0n),
    await store.hold(1),
  ];
  for (const result of results) assert.ok(!result.ok && result.error.code === 'LG_STORE_CLOSED');
};
