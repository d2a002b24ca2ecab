import { parentPort } from 'node:worker_threads';
import { assert } from '../../../base/assert.ts';
import { workOn, type BlobDone, type BlobWork } from './blob-work.ts';

// The thread that packs and opens blobs while the other reads and writes files.
const port = parentPort;
assert(port !== null, 'blobs are worked on in a thread');
port.on('message', (work: BlobWork) => {
  const { done, memory } = handOver(workOn(work));
  port.postMessage(done, memory);
});

/** An answer whose bytes change hands: a copy, unless their memory holds nothing else. */
function handOver(done: BlobDone): { readonly done: BlobDone; readonly memory: ArrayBuffer[] } {
  if (done.kind === 'packed') {
    const payload = wholeOf(done.payload);
    return { done: { ...done, payload }, memory: [payload.buffer] };
  }
  if (done.blob === undefined) return { done, memory: [] };
  const blob = wholeOf(done.blob);
  return { done: { ...done, blob }, memory: [blob.buffer] };
}

function wholeOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
