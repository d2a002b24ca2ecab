import { isMarkedAsUntransferable } from 'node:worker_threads';

/**
 * Gives the memory of bytes back at once; whoever still holds them holds none. Only for bytes that
 * nobody will read again and that are the caller's own with all the memory around them, but for
 * the pools that Node cuts small Buffers from, which are left alone. V8 looks through its whole
 * heap after every few megabytes of buffers whose end it was not told: for the 500 MB of a restore
 * that was a quarter of all its work.
 */
export function giveBackBytes(bytes: Uint8Array): void {
  if (isMovable(bytes)) bytes.buffer.transfer(0);
}

/** Whether the memory of bytes can be given away: no pool of Node's, nothing that threads share. */
export function isMovable(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(bytes.buffer);
}
