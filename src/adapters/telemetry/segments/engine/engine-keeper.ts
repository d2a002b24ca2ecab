import type { Log } from '../../../../base/log.ts';
import type { EngineClient, EngineResult } from './engine-client.ts';
import type { EngineCall, EngineCalls } from './protocol.ts';

/** An engine that dies so often is not brought back: something it is asked for kills it. */
const REVIVALS_MAX = 5;

/** Keeps an engine alive: when its thread dies another one takes its place. */
export class EngineKeeper {
  readonly #say: Log;
  readonly #start: (whenDead: () => void) => EngineClient;
  #engine: EngineClient;
  #refill: () => Promise<void> = () => Promise.resolve();
  #reviving: Promise<void> | undefined;
  #revivals = 0;

  /** `start` gives an engine that knows every sealed segment and no hot rows. */
  constructor(start: (whenDead: () => void) => EngineClient, say: Log) {
    this.#start = start;
    this.#say = say;
    this.#engine = start(() => this.#revive());
  }

  /** `refill` loads the hot rows into a new engine with `askDirectly`. */
  refillWith(refill: () => Promise<void>): void {
    this.#refill = refill;
  }

  /** Resolves when the engine has every row again; undefined while it has. */
  get reviving(): Promise<void> | undefined {
    return this.#reviving;
  }

  /** Posts a call at once, or, while a new engine is filled, as soon as that is done. */
  ask<Call extends EngineCall>(
    call: Call,
    input: EngineCalls[Call]['in'],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<EngineResult<Call>> {
    if (this.#reviving === undefined) return this.#engine.ask(call, input, transfer);
    return this.#reviving.then(() => this.#engine.ask(call, input, transfer));
  }

  /** Posts a call to the engine that is being filled. */
  askDirectly<Call extends EngineCall>(
    call: Call,
    input: EngineCalls[Call]['in'],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<EngineResult<Call>> {
    return this.#engine.ask(call, input, transfer);
  }

  async close(): Promise<void> {
    await this.#reviving;
    await this.#engine.close();
  }

  #revive(): void {
    this.#revivals += 1;
    const tries = this.#revivals;
    if (tries > REVIVALS_MAX) return this.#say.error('EngineGivenUpError', { deaths: tries });
    this.#say.error('EngineDiedError', { deaths: tries });
    this.#engine = this.#start(() => this.#revive());
    const before = this.#reviving ?? Promise.resolve();
    const reviving: Promise<void> = before
      .then(() => this.#refill())
      .catch(() => this.#say.error('EngineRefilledError', { deaths: tries }))
      .finally(() => {
        if (this.#reviving === reviving) this.#reviving = undefined;
      });
    this.#reviving = reviving;
  }
}
