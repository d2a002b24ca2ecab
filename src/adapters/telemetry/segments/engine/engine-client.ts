import { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '../../../../base/result.ts';
import { fromMessage, lgError } from '../../../../model/errors/lg-error.ts';
import type { EngineCall, EngineCalls, EngineOptions, EngineReply } from './protocol.ts';

/** What a call gives back; `damaged` names a segment that must be set aside. */
export type EngineResult<Call extends EngineCall> = Result<EngineCalls[Call]['out']> & {
  readonly damaged?: string | undefined;
};

interface Waiting {
  readonly answer: (reply: EngineReply) => void;
}

/** Speaks with the engine's thread. Calls are taken in the order they are made. */
export class EngineClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #whenDead: () => void;
  #next = 1;
  #dead = false;
  #closing = false;

  /** `whenDead` is called once if the thread ends without being asked to. */
  constructor(options: EngineOptions, whenDead: () => void) {
    this.#whenDead = whenDead;
    this.#worker = new Worker(workerUrl(), { workerData: options });
    this.#worker.on('message', (reply: EngineReply) => {
      this.#waiting.get(reply.id)?.answer(reply);
      this.#waiting.delete(reply.id);
    });
    this.#worker.on('error', () => {
      this.#die();
    });
    this.#worker.on('exit', () => {
      this.#die();
    });
  }

  /** Asks the engine; expected failures and its death are errors of the result. */
  ask<Call extends EngineCall>(
    call: Call,
    input: EngineCalls[Call]['in'],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<EngineResult<Call>> {
    if (this.#dead) return Promise.resolve(deadAnswer());
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve) => {
      const answer = (reply: EngineReply): void => {
        if (!reply.ok) return resolve({ ...err(fromMessage(reply.error)), damaged: reply.segment });
        resolve(ok(reply.value as EngineCalls[Call]['out']));
      };
      this.#waiting.set(id, { answer });
      this.#worker.postMessage({ id, call, input }, [...transfer]);
    });
  }

  /** Frees the engine's memory and ends its thread. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.ask('close', {});
    await this.#worker.terminate();
  }

  #die(): void {
    if (this.#dead) return;
    this.#dead = true;
    for (const [id, { answer }] of this.#waiting) {
      answer({ id, ok: false, error: { code: 'LG_STORE_ENGINE_FAILED', detail: DEAD } });
    }
    this.#waiting.clear();
    if (!this.#closing) this.#whenDead();
  }
}

const DEAD = 'the thread of the query engine ended';

function deadAnswer(): ReturnType<typeof err<ReturnType<typeof lgError>>> {
  return err(lgError('LG_STORE_ENGINE_FAILED', DEAD));
}

/** The repository runs the source, the package runs what was built from it. */
function workerUrl(): URL {
  const name = import.meta.url.endsWith('.ts') ? './engine-worker.ts' : './engine-worker.js';
  return new URL(name, import.meta.url);
}
