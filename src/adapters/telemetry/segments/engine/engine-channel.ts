import { MessageChannel, Worker } from 'node:worker_threads';
import type { AnyRequest, EngineOptions, EngineReply } from './protocol.ts';
import { serveEngine } from './serve-engine.ts';

/** The way to an engine and back. */
export interface EngineChannel {
  /** Sends a call; `transfer` names memory that changes hands. */
  post(request: AnyRequest, transfer: readonly ArrayBuffer[]): void;
  whenReplied(call: (reply: EngineReply) => void): void;
  /** Called at most once, when the engine is gone. */
  whenEnded(call: () => void): void;
  end(): Promise<void>;
}

/** The engine's thread makes few objects: its data lies outside of the heap. */
const YOUNG_MB = 8;

/** An engine in a thread of its own, as the daemon runs it. */
export function threadChannel(options: EngineOptions): EngineChannel {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
  const worker = new Worker(workerUrl(), { workerData: options, resourceLimits });
  return {
    post: (request, transfer) => worker.postMessage(request, [...transfer]),
    whenReplied: (call) => void worker.on('message', call),
    whenEnded: (call) => {
      // An error is followed by an exit; it is heard so that it does not end the process.
      worker.on('error', () => undefined);
      worker.on('exit', call);
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

/** An engine in the caller's thread: starts at once, which suits tests that open many stores. */
export function localChannel(options: EngineOptions): EngineChannel {
  const { port1: near, port2: far } = new MessageChannel();
  void serveEngine(far, options);
  return {
    post: (request, transfer) => near.postMessage(request, [...transfer]),
    whenReplied: (call) => void near.on('message', call),
    whenEnded: (call) => void near.on('close', call),
    end: () => Promise.resolve(near.close()),
  };
}

/** The repository runs the source, the package runs what was built from it. */
function workerUrl(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./engine-worker.ts', import.meta.url)
    : new URL('./engine-worker.js', import.meta.url);
}
