/** Smaller blocks are not worth the call; and Node's shared pool, which is smaller, is not ours. */
const WORTH_BYTES = Math.max(256 * 1024, 2 * Buffer.poolSize);

/**
 * Gives the memory of arrays that nobody uses any more back at once, instead of when the collector
 * gets to it: at full ingest that is a hundred megabytes later. They are empty afterwards.
 */
export function freeMemory(arrays: Iterable<Uint8Array>): void {
  for (const { buffer } of arrays) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength >= WORTH_BYTES) buffer.transfer(0);
  }
}
