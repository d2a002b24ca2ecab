/** Where a segment begins and ends, what is in it, and how to open it. */
export interface SegmentFacts {
  /** Name of its file without the ending. */
  readonly id: string;
  readonly bytes: number;
  /** SHA-256 of the whole envelope: the evidence of a checkpoint is a list of these. */
  readonly sha256: string;
  /** The data key, base64; entries are encrypted, so no second unwrapping is needed to read. */
  readonly key: string;
  readonly rows: number;
  /** First row's LSN, and the LSN after the last row's. */
  readonly firstLsn: number;
  readonly endLsn: number;
  /** Raw times, nanoseconds as decimal text: JSON has no bigints. */
  readonly minMoment: string;
  readonly maxMoment: string;
  /** When its first and its last record arrived, by our clock; absent in the oldest entries. */
  readonly minObserved?: string;
  readonly maxObserved?: string;
  readonly components: readonly string[];
  /** Three numbers a component and kind: index into `components`, kind, rows. */
  readonly groups?: readonly number[];
  /** What its rows had in the log: about what they need in memory. */
  readonly plainBytes?: number;
  readonly hasUids: boolean;
  /** Our own time of sealing, milliseconds: nothing in it was stored later. */
  readonly sealedAtMs: number;
}

/** How far the log is sealed, and what its sources had reached there. */
export interface SealedState {
  /** The log is needed from here on. */
  readonly endLsn: number;
  /** Per source the position of its newest batch. */
  readonly positions: Readonly<Record<string, string>>;
  /** Per source the time up to which its evidence is complete, nanoseconds as decimal text. */
  readonly watermarks: Readonly<Record<string, string>>;
  /** Per source when it last told that records were lost; absent in the oldest entries. */
  readonly gaps?: Readonly<Record<string, string>>;
}

/** One entry of the append-only catalogue. */
export type CatalogueEntry =
  | { readonly kind: 'sealed'; readonly segment: SegmentFacts; readonly state: SealedState }
  /** The log advanced without rows: only positions were logged. */
  | { readonly kind: 'advanced'; readonly state: SealedState }
  /** These segments' rows, all or those that retention keeps, are in another one now. */
  | {
      readonly kind: 'replaced-by';
      readonly segments: readonly string[];
      readonly segment: SegmentFacts;
    }
  /** The segment was given up by retention, with the reason. */
  | { readonly kind: 'expired'; readonly segment: string; readonly why?: string };

/** What is read only by queries that need it, kept beside the entries. */
export interface SegmentSide {
  /** Bloom filter of the trace ids, see `engine/trace-filter.ts`. */
  readonly traceFilter: Uint8Array;
  /** Bloom filters of the words of its texts, see `engine/text-filter.ts`. */
  readonly textFilter: Uint8Array;
  /** Records per 10 s, component, kind and severity; absent when there were too many. */
  readonly density?: readonly number[];
}
