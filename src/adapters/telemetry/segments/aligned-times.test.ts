import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap } from '../../../base/result.ts';
import { timeNs, toRfc3339 } from '../../../base/time.ts';
import {
  alignMoment,
  boundOfStamp,
  type ClockOverlay,
  type ClockPiece,
} from '../../../model/evidence/clock-overlay.ts';
import type { TelemetryStore } from '../../../ports/telemetry-store.ts';
import { memoryKeyring, openForTest, testBatch, testFolder } from './testdata/store-fixture.ts';

const SECOND = 1_000_000_000n;
const NOW = 1_790_000_000n * SECOND;
const ORIGIN = { source: 'test', sender: 'test' };

/** Around now, to the nanosecond. */
const instant = fc.bigInt({ min: -300n * SECOND, max: 300n * SECOND }).map((ns) => NOW + ns);

const piece = fc.record({
  fromNs: instant,
  rawNs: instant,
  offsetNs: fc.oneof(
    fc.bigInt({ min: -100n * SECOND, max: 100n * SECOND }),
    fc.constantFrom(10_800n * SECOND, -1_700_000_000n * SECOND, 0n),
  ),
  driftPpb: fc.integer({ min: -1_000_000, max: 1_000_000 }),
  boundNs: fc.bigInt({ min: 0n, max: SECOND }),
  method: fc.constant('span-pairs'),
  corrects: fc.boolean(),
});

const pieces = fc
  .array(piece, { maxLength: 4 })
  .map((list): readonly ClockPiece[] =>
    list.toSorted((a, b) => (a.fromNs < b.fromNs ? -1 : a.fromNs > b.fromNs ? 1 : 0)),
  );

const row = fc.record({
  timeNs: fc.oneof(
    instant,
    instant.map((ns) => ns + 10_800n * SECOND),
    fc.bigInt({ min: 0n, max: 200n * SECOND }).map((ns) => 90_000_000n * SECOND + ns),
    fc.constantFrom(9_200_000_000n * SECOND, -9_200_000_000n * SECOND),
  ),
  observedNs: instant,
  clock: fc.constantFrom('a', 'b', 'c', undefined),
});

const plan = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 20 }),
  sealAfter: fc.nat(20),
  clocks: fc.record({ a: pieces, b: pieces }),
  from: fc.option(instant, { nil: undefined }),
  to: fc.option(instant, { nil: undefined }),
});

type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never;

test('records are found, ordered and counted by their aligned time, hot and sealed', async () => {
  const folder = await testFolder();
  let runs = 0;
  try {
    await fc.assert(
      fc.asyncProperty(plan, async (asked) => {
        runs += 1;
        const store = await openForTest(`${folder}/${runs}`, memoryKeyring());
        try {
          await compare(store, asked);
        } finally {
          await store.close();
        }
      }),
      { numRuns: 15, endOnFailure: true },
    );
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
});

async function compare(store: TelemetryStore, asked: Plan): Promise<void> {
  const { rows, sealAfter, clocks, from, to } = asked;
  for (const [at, each] of rows.entries()) {
    unwrap(await store.append(testBatch([{ ...each, body: `${at}` }]), ORIGIN));
    if (at === sealAfter) unwrap(await store.seal());
  }
  const overlay: ClockOverlay = { version: 1, clocks: new Map(Object.entries(clocks)) };
  store.align(overlay);
  const expected = rows
    .map((each, at) => {
      const known = overlay.clocks.get(each.clock ?? '');
      const moment = alignMoment(known, each.timeNs, each.observedNs);
      return { body: `${at}`, at, bound: boundOfStamp(moment.piece, each.timeNs), ...moment };
    })
    .filter(({ alignedNs }) => from === undefined || alignedNs >= from)
    .filter(({ alignedNs }) => to === undefined || alignedNs < to)
    .toSorted((a, b) =>
      a.alignedNs === b.alignedNs ? a.at - b.at : a.alignedNs < b.alignedNs ? -1 : 1,
    );
  const range = {
    from: from === undefined ? undefined : timeNs(from),
    to: to === undefined ? undefined : timeNs(to),
  };
  const page = unwrap(await store.query({ ...range, limit: 100, order: 'oldest' }));
  assert.deepEqual(
    page.records.map(({ body, alignedTime, clock }) => [body, alignedTime, clock.boundNs]),
    expected.map(({ body, alignedNs, bound }) => [
      body,
      toRfc3339(timeNs(alignedNs)),
      bound === undefined ? undefined : Number(bound),
    ]),
  );
  const newest = unwrap(await store.query({ ...range, limit: 2, order: 'newest' }));
  assert.deepEqual(
    newest.records.map(({ body }) => body),
    expected
      .toReversed()
      .slice(0, 2)
      .map(({ body }) => body),
  );
}

async function withTwoClocks(run: (store: TelemetryStore) => Promise<void>): Promise<void> {
  const folder = await testFolder();
  try {
    const store = await openForTest(folder, memoryKeyring());
    const rows = Array.from({ length: 10 }, (_, at) => ({
      timeNs: NOW + BigInt(at) * SECOND + (at % 2 === 1 ? 20n * SECOND : 0n),
      observedNs: NOW + 30n * SECOND,
      clock: at % 2 === 1 ? 'fast' : 'right',
      body: `${at}`,
    }));
    unwrap(await store.append(testBatch(rows), ORIGIN));
    unwrap(await store.seal());
    try {
      await run(store);
    } finally {
      await store.close();
    }
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

const fast = (version: number, offsetNs: bigint): ClockOverlay => ({
  version,
  clocks: new Map([
    [
      'fast',
      [
        {
          fromNs: NOW - 900n * SECOND,
          rawNs: NOW + offsetNs,
          offsetNs,
          driftPpb: 0,
          boundNs: 1_000n,
          method: 'span-pairs',
          corrects: true,
        },
      ],
    ],
  ]),
});

test('a page goes on in the order in which it was begun, whatever is known since', async () => {
  await withTwoClocks(async (store) => {
    store.align(fast(7, 20n * SECOND));
    const first = unwrap(await store.query({ limit: 5, order: 'oldest' }));
    store.align(fast(8, 0n));
    const { nextCursor: cursor } = first;
    const second = unwrap(await store.query({ limit: 5, order: 'oldest', cursor }));
    const read = [...first.records, ...second.records].map(({ body }) => body);
    assert.deepEqual(read, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    for (let version = 9; version < 50; version += 1) store.align(fast(version, 0n));
    const late = await store.query({ limit: 5, order: 'oldest', cursor });
    assert.ok(!late.ok && late.error.code === 'LG_STORE_QUERY_INVALID');
  });
});

test('counts follow the corrected times, whether they were counted before or not', async () => {
  await withTwoClocks(async (store) => {
    const wide = { from: timeNs(NOW - 60n * SECOND), to: timeNs(NOW + 60n * SECOND) };
    const count = async (): Promise<readonly number[]> =>
      unwrap(await store.density(wide, 10_000)).map(({ count: each }) => each);
    assert.deepEqual(await count(), [5, 5]);
    store.align(fast(1, 20n * SECOND));
    assert.deepEqual(await count(), [10]);
  });
});
