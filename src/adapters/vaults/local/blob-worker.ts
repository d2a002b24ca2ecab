import { parentPort } from 'node:worker_threads';
import { assert } from '../../../base/assert.ts';
import { giveBackBytes, isMovable } from '../../../base/give-back-bytes.ts';
import { workOn, type BlobDone, type BlobWork } from './blob-work.ts';

// The thread that packs and opens blobs while the other reads and writes files.
const port = parentPort;
assert(port !== null, 'blobs are worked on in a thread');
port.on('message', (work: BlobWork) => {
  const done = workOn(work);
  const bytes = bytesOf(done);
  if (work.kind === 'pack' && work.blob !== bytes) giveBackBytes(work.blob);
  if (bytes === undefined) return port.postMessage(done);
  const memory = isMovable(bytes) ? bytes : new Uint8Array(bytes);
  port.postMessage(withBytes(done, memory), [memory.buffer]);
});

function bytesOf(done: BlobDone): Uint8Array | undefined {
  return done.kind === 'packed' ? done.payload : done.blob;
}

/** An answer whose bytes change hands, with all the memory around them. */
function withBytes(done: BlobDone, bytes: Uint8Array): BlobDone {
  return done.kind === 'packed' ? { ...done, payload: bytes } : { ...done, blob: bytes };
}
