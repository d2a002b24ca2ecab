import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap } from '../../../base/result.ts';
import { parseRfc3339, timeNs } from '../../../base/time.ts';
import type { TimelineFilter } from '../../../model/record/timeline-query.ts';
import type { TelemetryStore } from '../../../ports/telemetry-store.ts';
import { memoryKeyring, openForTest, testBatch, testFolder } from './testdata/store-fixture.ts';

const SECOND = 1_000_000_000n;
const NOW = 1_790_000_000n * SECOND;
const COMPONENTS = ['checkout', 'cart', ''];

/** A record as it is appended, and as the answer by hand knows it. */
interface Row {
  readonly name: string;
  readonly moment: bigint;
  readonly component: string;
  readonly severity: number;
  readonly trace: bigint;
}

/** A question; what is undefined does not restrict. */
interface Wanted {
  readonly from: bigint | undefined;
  readonly to: bigint | undefined;
  readonly component: string | undefined;
  readonly trace: bigint | undefined;
}

/** What is done to the store, in order. */
type Act =
  | { readonly kind: 'append'; readonly rows: readonly Omit<Row, 'name'>[] }
  | { readonly kind: 'seal' | 'tidy' | 'reopen' };

/** Around now, far too late, from before any clock was set, and from the future. */
const moment = fc.oneof(
  fc.bigInt({ min: -60n, max: 60n }).map((seconds) => NOW + seconds * SECOND),
  fc.bigInt({ min: -40n * 86_400n, max: 0n }).map((seconds) => NOW + seconds * SECOND + 7n),
  fc.bigInt({ min: -5n, max: 100n }).map((seconds) => seconds * SECOND - 1n),
  fc.bigInt({ min: 0n, max: 86_400n * 3650n }).map((seconds) => NOW + seconds * SECOND),
);

const row = fc.record({
  moment,
  component: fc.constantFrom(...COMPONENTS),
  severity: fc.constantFrom(0, 9, 17),
  trace: fc.bigInt({ min: 0n, max: 12n }),
});

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.array(row, { minLength: 1, maxLength: 6 }).map(append) },
  { weight: 4, arbitrary: fc.constantFrom<Act>({ kind: 'seal' }) },
  { weight: 2, arbitrary: fc.constantFrom<Act>({ kind: 'tidy' }, { kind: 'reopen' }) },
);

const filter = fc.record({
  from: fc.option(moment, { nil: undefined }),
  to: fc.option(moment, { nil: undefined }),
  component: fc.option(fc.constantFrom('checkout', 'cart'), { nil: undefined }),
  trace: fc.option(fc.bigInt({ min: 1n, max: 12n }), { nil: undefined }),
});

function append(rows: readonly Omit<Row, 'name'>[]): Act {
  return { kind: 'append', rows };
}

test('records of any time are found, counted and traced as if all were looked at', async () => {
  const folder = await testFolder();
  let runs = 0;
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { minLength: 6, maxLength: 20 }),
        fc.array(filter, { minLength: 4, maxLength: 4 }),
        async (acts, filters) => {
          runs += 1;
          await compare(`${folder}/${runs}`, acts, filters);
        },
      ),
      { numRuns: 25 },
    );
  } finally {
    await fs.rm(folder, { recursive: true });
  }
});

async function compare(
  folder: string,
  acts: readonly Act[],
  filters: readonly Wanted[],
): Promise<void> {
  await fs.mkdir(folder);
  const keyring = memoryKeyring();
  const limits = { mergeAtLeast: 2, mergeSpanMs: Number.MAX_SAFE_INTEGER };
  const open = (): Promise<TelemetryStore> => openForTest(folder, keyring, undefined, limits);
  let store = await open();
  const all: Row[] = [];
  try {
    for (const { kind, ...rest } of acts) {
      if (kind === 'append') {
        const rows = 'rows' in rest ? rest.rows : [];
        await appendRows(store, all, rows);
      } else if (kind === 'seal') unwrap(await store.seal());
      else if (kind === 'tidy') unwrap(await store.tidy());
      else {
        await store.close();
        store = await open();
      }
      for (const wanted of filters) await compareOne(store, all, wanted);
    }
  } finally {
    await store.close();
  }
}

async function appendRows(
  store: TelemetryStore,
  all: Row[],
  rows: readonly Omit<Row, 'name'>[],
): Promise<void> {
  const named = rows.map((each, i) => ({ ...each, name: `r${all.length + i}` }));
  const batch = named.map(({ name, moment: timeOf, component, severity, trace }) => ({
    observedNs: NOW + BigInt(all.length),
    timeNs: timeOf,
    body: name,
    component,
    severity,
    traceLow: trace,
  }));
  unwrap(await store.append(testBatch(batch), { source: 'test', sender: 's' }));
  all.push(...named);
}

async function compareOne(
  store: TelemetryStore,
  all: readonly Row[],
  wanted: Wanted,
): Promise<void> {
  const { from, to, component, trace } = wanted;
  const within = all.filter(
    (each) =>
      (from === undefined || each.moment >= from) &&
      (to === undefined || each.moment < to) &&
      (component === undefined || each.component === component),
  );
  const ranged: TimelineFilter = {
    from: from === undefined ? undefined : timeNs(from),
    to: to === undefined ? undefined : timeNs(to),
    components: component === undefined ? undefined : [component],
  };
  const traced = trace === undefined ? within : within.filter((each) => each.trace === trace);
  const traceId = trace === undefined ? undefined : trace.toString(16).padStart(32, '0');
  const byTime = traced.toSorted((a, b) =>
    a.moment < b.moment ? -1 : Number(a.moment > b.moment),
  );
  assert.deepEqual(
    await pagesOf(store, { ...ranged, traceId }),
    byTime.map(({ name }) => name),
  );
  for (const bucketMs of [10_000, 86_400_000, 7_000]) {
    const counted = await store.density(ranged, bucketMs);
    // Records from before clocks were set until in ten years are too many buckets for a screen.
    if (!counted.ok) {
      assert.match(counted.error.detail, /buckets, at most/);
      continue;
    }
    assert.deepEqual(
      counted.value.map(({ time, severity, count }) => [parseRfc3339(time), severity, count]),
      countsOf(within, BigInt(bucketMs) * 1_000_000n),
    );
  }
}

/** Names of the records found, in pages of three, oldest first. */
async function pagesOf(store: TelemetryStore, asked: TimelineFilter): Promise<readonly unknown[]> {
  const names: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = unwrap(await store.query({ ...asked, limit: 3, order: 'oldest', cursor }));
    names.push(...page.records.map(({ body }) => body));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return names;
}

function countsOf(rows: readonly Row[], widthNs: bigint): readonly unknown[] {
  const counts = new Map<string, [bigint, number, number]>();
  for (const each of rows) {
    const rest = ((each.moment % widthNs) + widthNs) % widthNs;
    const start = each.moment - rest;
    const known = counts.get(`${start} ${each.severity}`);
    counts.set(`${start} ${each.severity}`, [start, each.severity, (known?.[2] ?? 0) + 1]);
  }
  return [...counts.values()].toSorted((a, b) =>
    a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? -1 : 1,
  );
}
