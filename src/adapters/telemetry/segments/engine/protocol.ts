import type { ErrorMessage } from '../../../../model/errors/lg-error.ts';
import type { ClockOverlay } from '../../../../model/evidence/clock-overlay.ts';
import type { TimelineFilter } from '../../../../model/record/timeline-query.ts';
import type { TimelineRecord } from '../../../../model/record/timeline-record.ts';
import type { TextPlaces } from './text-lookup.ts';

/** A sealed segment as the engine needs it. */
export interface SegmentRef {
  readonly id: string;
  readonly path: string;
  readonly key: Uint8Array;
  readonly firstSeq: number;
  readonly minMoment: bigint;
  readonly maxMoment: bigint;
}

/** A place in an order of records: everything up to it was handed out. */
export interface Place {
  readonly moment: bigint;
  readonly seq: number;
}

/** What of a segment a query reads: all of it without `text`. */
export interface SegmentPart {
  readonly id: string;
  /** Where the text asked for may be. */
  readonly text?: TextPlaces | undefined;
}

/** A query as the engine runs it; the catalogue chose `segments`, hot rows always count. */
export interface FindRequest {
  readonly filter: TimelineFilter;
  readonly limit: number;
  readonly order: 'newest' | 'oldest' | 'arrival';
  readonly after?: Place | undefined;
  readonly segments: readonly SegmentPart[];
  readonly overlay?: ClockOverlay | undefined;
}

/** A record with its place, whose moment is aligned. */
export interface FoundRecord extends Place {
  /** The moment as it was stamped, and when the record was seen. */
  readonly raw: bigint;
  readonly observed: bigint;
  readonly record: TimelineRecord;
}

/** Counts of one source's records; `hot` tells whether the hot tables are counted, too. */
export interface CountRequest {
  readonly filter: TimelineFilter;
  readonly bucketNs: bigint;
  readonly segments: readonly SegmentPart[];
  readonly hot: boolean;
  readonly overlay?: ClockOverlay | undefined;
}

/** One bucket: its start, nanoseconds, a severity and how many records. */
export interface Count {
  readonly start: bigint;
  readonly severity: number;
  readonly count: number;
}

/** What of the records is to be told as numbers; hot rows always count. */
export interface FeatureRequest {
  readonly filter: TimelineFilter;
  readonly bucketNs: bigint;
  readonly segments: readonly SegmentPart[];
  readonly overlay?: ClockOverlay | undefined;
}

/** How many records of one table fell into one bucket and are alike otherwise. */
export interface FeatureCell {
  readonly start: bigint;
  readonly component: string;
  /** A number of `KIND_INDEX`. */
  readonly kind: number;
  readonly severity: number;
  /** Eighths of a doubling above 1 µs; -1 for what has no latency. */
  readonly latencyClass: number;
  readonly count: number;
}

/** A stored `log.record.uid` with its scope and its row. */
export interface StoredUid {
  readonly seq: number;
  readonly sender: string;
  readonly uid: string;
}

/** Records per 10 s, component, kind and severity: five numbers each, see `describe-rows.ts`. */
export type DensityNumbers = readonly number[];

/** What is in a new segment, as far as it can be counted. */
export interface RowFacts {
  readonly rows: number;
  readonly minMoment: bigint;
  readonly maxMoment: bigint;
  /** When the first and the last of them arrived. */
  readonly minObserved: bigint;
  readonly maxObserved: bigint;
  readonly components: readonly string[];
  /** Three numbers for each component and kind: index into `components`, kind, rows. */
  readonly groups: readonly number[];
  /** Component numbers in it are indexes into `components`; absent when there were too many. */
  readonly density?: DensityNumbers;
}

/** A new segment: the envelope, ready to be written, and what the catalogue keeps. */
export interface Produced extends RowFacts {
  readonly envelope: Uint8Array<ArrayBuffer>;
  /** Of the envelope. */
  readonly sha256: string;
  readonly hasUids: boolean;
  readonly traceFilter: Uint8Array;
  readonly textFilter: Uint8Array;
}

/** Rows of one kind and component, the unit that retention keeps or drops. */
export interface RowGroup {
  readonly kind: number;
  readonly component: string;
}

/** What the engine can be asked, and what it answers. */
export interface EngineCalls {
  /** Adds a batch to the hot table; answers the size of its dictionary. */
  load: {
    readonly in: { readonly lsn: number; readonly sender: string; readonly bytes: Uint8Array };
    readonly out: number;
  };
  /** Begins a new hot table; the one before is not loaded any more and waits for `produce`. */
  cut: { readonly in: { readonly generation: number }; readonly out: void };
  /** Makes the segment of a hot table; undefined when it has no rows. */
  produce: {
    readonly in: {
      readonly generation: number;
      readonly header: Uint8Array;
      readonly key: Uint8Array;
    };
    readonly out: Produced | undefined;
  };
  /** Makes one segment of several, without the groups to drop; undefined when no row is left. */
  merge: {
    readonly in: {
      readonly segments: readonly string[];
      readonly drop: readonly RowGroup[];
      readonly header: Uint8Array;
      readonly key: Uint8Array;
    };
    readonly out: Produced | undefined;
  };
  /** The hot table is in a segment now (or had no rows). */
  publish: {
    readonly in: { readonly generation: number; readonly segment?: SegmentRef | undefined };
    readonly out: void;
  };
  register: { readonly in: SegmentRef; readonly out: void };
  forget: { readonly in: { readonly id: string }; readonly out: void };
  find: { readonly in: FindRequest; readonly out: readonly FoundRecord[] };
  count: { readonly in: CountRequest; readonly out: readonly Count[] };
  features: { readonly in: FeatureRequest; readonly out: readonly FeatureCell[] };
  /** Uids of a segment (of the hot tables without `segment`), in order of `seq`. */
  uids: {
    readonly in: {
      readonly segment?: string | undefined;
      readonly seqs?: readonly number[] | undefined;
      readonly afterSeq: number;
      readonly limit: number;
    };
    readonly out: readonly StoredUid[];
  };
  close: { readonly in: Record<string, never>; readonly out: void };
}

/** The name of a call. */
export type EngineCall = keyof EngineCalls;

/** A call as it goes to the engine's thread. */
export interface EngineRequest<Call extends EngineCall> {
  readonly id: number;
  readonly call: Call;
  readonly input: EngineCalls[Call]['in'];
}

/** Any of the calls, told apart by its name. */
export type AnyRequest = { readonly [Call in EngineCall]: EngineRequest<Call> }[EngineCall];

/** The answer as it comes back. `segment` names the one that was found damaged. */
export type EngineReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly error: ErrorMessage;
      readonly segment?: string | undefined;
    };

/** What the engine's thread is started with. */
export interface EngineOptions {
  readonly memoryMb: number;
  readonly memoryFolder: string;
  readonly cacheBytes: number;
  readonly textBytes: number;
}
