/**
 * Bytes of messages that are read and not yet durable. Two full batches: one on its way to the
 * disk, one that fills meanwhile; as records they take about four times as much memory.
 */
export const PENDING_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Records that wait behind a batch on its way. Tiny messages cost as much memory as others, and the
 * store takes 65,536 records a batch; one more piece of input still fits.
 */
export const PENDING_ROWS_MAX = 24 * 1024;

/** Input is read in pieces of this size, so that a full queue stops it in the middle. */
export const PIECE_BYTES = 16 * 1024;

/** A batch is handed on at this size: large enough to be cheap, small enough to be quick. */
export const BATCH_BYTES = 1024 * 1024;

/** Records of a batch, for the same reason. */
export const BATCH_ROWS = 4096;

/** A message waits at most this long for others of its batch. */
export const BATCH_WAIT_MS = 100;

/** How long delivering may take once we stop; the daemon has ten seconds in all. */
export const DRAIN_MS = 5_000;

/** After our farewell senders may finish what they are writing for this long. */
export const FAREWELL_MS = 500;

/** A dead peer is noticed after this long and nine probes (`net.ipv4.tcp_keepalive_probes`). */
export const KEEP_ALIVE_MS = 60_000;

/** How often connections are looked at for one that takes too long. */
export const SWEEP_MS = 1_000;
