import { Worker } from 'node:worker_threads';
import { isMovable } from '../../../base/give-back-bytes.ts';
import type { Packed } from './blob-payload.ts';
import type { BlobDone, BlobWork, OpenedBlob, SealedBlob } from './blob-work.ts';

/**
 * What it may have before it. We hear of what is done only between two turns of ours, which last
 * milliseconds: with less it would wait for us.
 */
const WAITING_BYTES_MAX = 8 * 1024 * 1024;

/** Below this handing a blob over costs as much as working on it. */
const BLOB_BYTES_MIN = 8 * 1024;

/** A thread with nothing to do holds 10 MB for nothing. */
const IDLE_MS = 5_000;

/** It makes few objects: its data lies outside of the heap. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

/** Somebody who waits for a blob. */
interface Waiting {
  readonly bytes: number;
  /** Nothing when the thread ended before. */
  readonly resolve: (done: BlobDone | undefined) => void;
}

/** A thread, and who waits for it in the order of the work it was given. */
interface Running {
  readonly worker: Worker;
  readonly waiting: Waiting[];
}

function bytesBefore(running: Running | undefined): number {
  return (running?.waiting ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A thread beside ours that packs and opens blobs. It is started when first needed. */
export class BlobThread {
  #running: Running | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** Whether it would be done with a blob of so many bytes sooner than we are ourselves. */
  hasTimeFor(bytes: number): boolean {
    if (bytes < BLOB_BYTES_MIN) return false;
    return bytesBefore(this.#running) + bytes <= WAITING_BYTES_MAX;
  }

  /**
   * Packs a copy of a blob, which is the caller's again at once; undefined when the thread ended
   * before, as for want of memory: another is started for the next blob.
   */
  async pack(blob: Uint8Array): Promise<Packed | undefined> {
    const bytes = new Uint8Array(blob);
    const done = await this.#work({ kind: 'pack', blob: bytes }, bytes);
    return done?.kind === 'packed' ? done : undefined;
  }

  /**
   * Opens a blob, whose sealed bytes it takes over; undefined when the thread ended before, which
   * says nothing about the blob.
   */
  async open(work: SealedBlob): Promise<OpenedBlob | undefined> {
    const sealed = isMovable(work.sealed) ? work.sealed : new Uint8Array(work.sealed);
    const done = await this.#work({ ...work, sealed }, sealed);
    return done?.kind === 'opened' ? done : undefined;
  }

  #work(
    work: BlobWork,
    { buffer, length: bytes }: Uint8Array<ArrayBuffer>,
  ): Promise<BlobDone | undefined> {
    const { worker, waiting } = (this.#running ??= this.#start());
    clearTimeout(this.#idle);
    worker.ref();
    return new Promise((resolve) => {
      waiting.push({ bytes, resolve });
      worker.postMessage(work, [buffer]);
    });
  }

  /** Ends the thread; whoever waits is told that it has ended. */
  async end(): Promise<void> {
    clearTimeout(this.#idle);
    const running = this.#running;
    this.#running = undefined;
    await running?.worker.terminate();
  }

  #start(): Running {
    const worker = new Worker(workerUrl(), { resourceLimits: LIMITS });
    const waiting: Waiting[] = [];
    worker.on('message', (done: BlobDone) => {
      waiting.shift()?.resolve(done);
      if (waiting.length > 0) return;
      worker.unref();
      this.#idle = setTimeout(() => void this.end(), IDLE_MS).unref();
    });
    const ended = (): void => {
      if (this.#running?.worker === worker) this.#running = undefined;
      for (const { resolve } of waiting.splice(0)) resolve(undefined);
    };
    // One that cannot be started tells an error only, any other an exit as well.
    worker.on('error', ended);
    worker.on('exit', ended);
    return { worker, waiting };
  }
}

/** The repository runs the source, the package runs what was built from it. */
function workerUrl(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./blob-worker.ts', import.meta.url)
    : new URL('./blob-worker.js', import.meta.url);
}
