import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap } from '../../../../base/result.ts';
import { timeNs } from '../../../../base/time.ts';
import { cutoffOf, type RetentionPolicy } from '../../../../model/evidence/evidence-retention.ts';
import { RecordBatchBuilder } from '../../../../model/record/record-batch.ts';
import type { RecordKind } from '../../../../model/record/timeline-record.ts';
import type { TelemetryStore } from '../../../../ports/telemetry-store.ts';
import { memoryKeyring, openForTest, testFolder } from '../testdata/store-fixture.ts';

const SECOND = 1_000_000_000n;
const KINDS: readonly RecordKind[] = ['log', 'metric', 'span'];
const COMPONENTS = ['checkout', 'cart', ''];
const ARRIVALS = 100;

interface Row {
  readonly name: string;
  readonly kind: RecordKind;
  readonly component: string;
  /** Seconds. */
  readonly arrived: number;
  readonly moment: number;
}

const second = fc.integer({ min: 0, max: ARRIVALS });

const record = fc.record({
  kind: fc.constantFrom(...KINDS),
  component: fc.constantFrom(...COMPONENTS),
  // Most records come at once, some late, some from a clock that runs ahead.
  shift: fc.oneof(fc.constant(0), fc.integer({ min: -80, max: 80 })),
});

const policy = fc.record({
  before: second,
  rules: fc.array(
    fc.record({
      kinds: fc.option(fc.subarray([...KINDS], { minLength: 1 }), { nil: undefined }),
      components: fc.option(fc.subarray([...COMPONENTS], { minLength: 1 }), { nil: undefined }),
      before: second,
    }),
    { maxLength: 3 },
  ),
  referred: fc.array(fc.tuple(second, fc.integer({ min: 1, max: 20 })), { maxLength: 2 }),
});

const life = fc.array(
  fc.record({
    records: fc.array(record, { minLength: 1, maxLength: 5 }),
    then: fc.constantFrom('seal', 'seal', 'tidy', 'go on'),
  }),
  { minLength: 3, maxLength: 14 },
);

test('retention gives up nothing that the policy keeps, and else all in the end', async () => {
  const folder = await testFolder();
  let runs = 0;
  try {
    await fc.assert(
      fc.asyncProperty(
        life,
        fc.array(policy, { minLength: 1, maxLength: 3 }),
        async (steps, all) => {
          runs += 1;
          await live(`${folder}/${runs}`, steps, all);
        },
      ),
      { numRuns: 20 },
    );
  } finally {
    await fs.rm(folder, { recursive: true });
  }
});

type Drawn<From> = From extends fc.Arbitrary<infer Value> ? Value : never;

async function live(
  folder: string,
  steps: Drawn<typeof life>,
  policies: readonly Drawn<typeof policy>[],
): Promise<void> {
  await fs.mkdir(folder);
  const store = await openForTest(folder, memoryKeyring(), undefined, { mergeAtLeast: 2 });
  try {
    let rows: Row[] = [];
    for (const [step, { records, then }] of steps.entries()) {
      const arrived = Math.floor((step * ARRIVALS) / steps.length);
      const named = records.map(({ kind, component, shift }, i): Row => {
        return { name: `${step}.${i}`, kind, component, arrived, moment: arrived + shift };
      });
      await append(store, named);
      rows.push(...named);
      if (then === 'seal') unwrap(await store.seal());
      if (then === 'tidy') unwrap(await store.tidy());
    }
    for (const { before, rules, referred } of policies) {
      const asked: RetentionPolicy = {
        before: at(before),
        rules: rules.map((rule) => ({ ...rule, before: at(rule.before) })),
        referred: referred.map(([from, length]) => ({
          from: at(from),
          to: at(from + length),
          why: '',
        })),
      };
      unwrap(await store.retain(asked));
      while (unwrap(await store.tidy()));
      const left = await namesIn(store);
      for (const row of rows) {
        if (isKept(row, asked)) assert.ok(left.has(row.name), `${row.name} is kept`);
      }
      rows = rows.filter(({ name }) => left.has(name));
    }
    unwrap(await store.seal());
    unwrap(await store.retain({ before: at(1e6), rules: [], referred: [] }));
    assert.deepEqual(await namesIn(store), new Set());
  } finally {
    await store.close();
  }
}

function at(seconds: number): ReturnType<typeof timeNs> {
  return timeNs(BigInt(seconds) * SECOND);
}

function isKept({ kind, component, arrived, moment }: Row, asked: RetentionPolicy): boolean {
  if (at(arrived) >= cutoffOf(asked, kind, component)) return true;
  const time = at(moment);
  return asked.referred.some(({ from, to }) => time >= from && (to === undefined || time < to));
}

async function append(store: TelemetryStore, rows: readonly Row[]): Promise<void> {
  const builder = new RecordBatchBuilder();
  for (const { name, kind, component, arrived, moment } of rows) {
    const times = { observedNs: at(arrived), timeNs: at(moment) };
    builder.add({ kind, source: 'test', ...times, component, body: name });
  }
  unwrap(await store.append(builder.build(), { source: 'test', sender: 's' }));
}

async function namesIn(store: TelemetryStore): Promise<ReadonlySet<string>> {
  const { records } = unwrap(await store.query({ limit: 1000, order: 'arrival' }));
  return new Set(records.map(({ body }) => String(body)));
}
