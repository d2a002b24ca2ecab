import { unwrap } from '../base/result.ts';
import {
  RecordBatchBuilder,
  type BatchRow,
  type RecordBatch,
} from '../model/record/record-batch.ts';
import type { TimelineQuery } from '../model/record/timeline-query.ts';
import type { TelemetryStore } from '../ports/telemetry-store.ts';

/** One store under test with its own data, which outlives closing it. */
export interface StoreUnderTest {
  readonly store: TelemetryStore;
  /** Closes the store and opens it again over the same data. */
  reopen(): Promise<TelemetryStore>;
  /** Closes what is open and removes the data. */
  dispose(): Promise<void>;
}

/** Start of the tests' time: some instant with a fraction that only nanoseconds can tell. */
export const T0 = 1_790_000_000_000_000_007n;
/** Nanoseconds of a second. */
export const SECOND = 1_000_000_000n;

/** One test of a store. */
export type StoreTest = (under: StoreUnderTest) => Promise<void>;

/** A batch of rows that need not say their source. */
export function batchOf(
  rows: readonly (Partial<BatchRow> & { readonly observedNs: bigint })[],
): RecordBatch {
  const builder = new RecordBatchBuilder();
  for (const row of rows) builder.add({ kind: 'log', source: 'otlp', ...row });
  return builder.build();
}

/** Appends a batch, with where its source goes on. */
export async function put(
  store: TelemetryStore,
  batch: RecordBatch,
  position?: string,
): Promise<void> {
  const origin = {
    source: 'otlp',
    sender: '10.0.0.1',
    ...(position === undefined ? {} : { position }),
  };
  unwrap(await store.append(batch, origin));
}

/** Seals, in the tests that are run for hot and for sealed records. */
export async function sealIf(store: TelemetryStore, sealed: boolean): Promise<void> {
  if (sealed) unwrap(await store.seal());
}

/** The bodies of what a query finds. */
export async function bodies(
  store: TelemetryStore,
  query: Partial<TimelineQuery>,
): Promise<unknown[]> {
  const page = unwrap(await store.query({ limit: 100, order: 'oldest', ...query }));
  return page.records.map(({ body }) => body);
}
