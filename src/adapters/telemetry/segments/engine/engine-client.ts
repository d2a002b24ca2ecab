import { err, ok, type Result } from '../../../../base/result.ts';
import { fromMessage, lgError } from '../../../../model/errors/lg-error.ts';
import type { EngineChannel } from './engine-channel.ts';
import type { AnyRequest, EngineCall, EngineCalls, EngineReply } from './protocol.ts';

/** What a call gives back; `damaged` names a segment that must be set aside. */
export type EngineResult<Call extends EngineCall> = Result<EngineCalls[Call]['out']> & {
  readonly damaged?: string | undefined;
};

interface Waiting {
  readonly answer: (reply: EngineReply) => void;
}

/** Speaks with an engine. Calls are taken in the order they are made. */
export class EngineClient {
  readonly #channel: EngineChannel;
  readonly #waiting = new Map<number, Waiting>();
  readonly #whenDead: () => void;
  #next = 1;
  #dead = false;
  #closing = false;

  /** `whenDead` is called once if the engine ends without being asked to. */
  constructor(channel: EngineChannel, whenDead: () => void) {
    this.#whenDead = whenDead;
    this.#channel = channel;
    channel.whenReplied((reply) => {
      this.#waiting.get(reply.id)?.answer(reply);
      this.#waiting.delete(reply.id);
    });
    channel.whenEnded(() => this.#die());
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
      this.#channel.post({ id, call, input } as AnyRequest, transfer);
    });
  }

  /** Frees the engine's memory and ends its thread. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.ask('close', {});
    await this.#channel.end();
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

const DEAD = 'the query engine ended';

function deadAnswer(): ReturnType<typeof err<ReturnType<typeof lgError>>> {
  return err(lgError('LG_STORE_ENGINE_FAILED', DEAD));
}
