/** Every bound of the segment store, each with its reason. */
export interface StoreLimits {
  /** Memory of the query engine; sorting one hot table needs about twice its bytes. */
  readonly engineMemoryMb: number;
  /** A hot table this old is sealed, so that a log replay after a crash stays short. */
  readonly sealAfterMs: number;
  /** A hot table this long is sealed: larger ones cost memory and compress no better. */
  readonly sealRows: number;
  /** Fewer neighboring segments than this are not worth being written anew. */
  readonly mergeAtLeast: number;
  /** So many files are read at once for one merge. */
  readonly mergeAtMost: number;
  /** Logged bytes of one merge; sorting them takes about twice as much of the engine's memory. */
  readonly mergeBytes: number;
  /** Arrivals of one merged segment lie within this: retention waits for the last of them. */
  readonly mergeSpanMs: number;
  /** A hot table of so many logged bytes is sealed, for records larger than usual. */
  readonly sealBytes: number;
  /** Different texts in dictionary columns of one hot table; hostile senders invent them. */
  readonly dictionaryTexts: number;
  /** A log file is closed at this size, so that trimming frees space in time. */
  readonly logFileBytes: number;
  /** Decrypted column chunks kept in memory files, least recently used first out. */
  readonly cacheBytes: number;
  /** Decompressed texts kept for the next search, least recently searched first out. */
  readonly textBytes: number;
  /** Appends wait while so many bytes are on their way into the hot table. */
  readonly loadingBytes: number;
  /** How long a `log.record.uid` is remembered. */
  readonly uidWindowMs: number;
  /** Remembered uids; at 32 bytes each this is the memory the window may take. */
  readonly uidEntries: number;
}

/** Fit for one host of 2 GB; `npm run bench` tells what they come to (row 3). */
export const DEFAULT_LIMITS: StoreLimits = {
  engineMemoryMb: 256,
  sealAfterMs: 300_000,
  sealRows: 100_000,
  sealBytes: 64 * 1024 * 1024,
  mergeAtLeast: 8,
  mergeAtMost: 32,
  mergeBytes: 32 * 1024 * 1024,
  mergeSpanMs: 24 * 3_600_000,
  dictionaryTexts: 50_000,
  logFileBytes: 64 * 1024 * 1024,
  cacheBytes: 128 * 1024 * 1024,
  textBytes: 64 * 1024 * 1024,
  loadingBytes: 32 * 1024 * 1024,
  uidWindowMs: 24 * 3_600_000,
  uidEntries: 2_000_000,
};

/** Rows of one batch: a request of a sender, not a file. */
export const BATCH_ROWS_MAX = 65_536;

/** Bytes of one encoded batch; one write and one encryption call handle it whole. */
export const BATCH_BYTES_MAX = 64 * 1024 * 1024;
