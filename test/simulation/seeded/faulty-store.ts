import { err, ok, type Result } from '../../../src/base/result.ts';
import type { Json } from '../../../src/base/canonical-json.ts';
import { lgError } from '../../../src/model/errors/lg-error.ts';
import type { ControlStore, StreamEntry } from '../../../src/ports/control-store.ts';
import type { Random } from './random.ts';

/** What may happen to an append. */
export interface StoreFaults {
  /** Probability of a crash just before, and of one just after the entry is durable. */
  readonly crash: number;
  /** Probability that the disk is full for this append. */
  readonly full: number;
  /** Probability that it is durable and an error is answered. */
  readonly lostAnswer: number;
}

/** Durable memory that outlives every process, with faults at each append. */
export class FaultyStore {
  readonly #streams = new Map<string, Json[]>();
  readonly #random: Random;
  readonly #written: (stream: string, entries: readonly Json[]) => void;
  #fences = 0;
  faults: StoreFaults = { crash: 0, full: 0, lostAnswer: 0 };
  /** Happens right after so many appends from now on, before whoever appends hears of it. */
  interruption: { after: number; readonly call: () => void } | undefined;

  constructor(random: Random, written: (stream: string, entries: readonly Json[]) => void) {
    this.#random = random;
    this.#written = written;
  }

  /** The newest fencing token. */
  get fence(): number {
    return this.#fences;
  }

  /** All entries of a stream. */
  entries(stream: string): readonly Json[] {
    return this.#streams.get(stream) ?? [];
  }

  /** The store as one process sees it, which may die of an append: then it gets no answer. */
  forProcess(isAlive: () => boolean, die = (): void => undefined): ControlStore {
    const answer = <Value>(value: Result<Value>): Promise<Result<Value>> =>
      isAlive() ? Promise.resolve(value) : new Promise(() => undefined);
    return {
      append: (stream, expected, entries) => {
        if (!isAlive()) return new Promise(() => undefined);
        const result = this.#append(stream, expected, entries, die);
        return answer(result);
      },
      read: (stream, after = 0) =>
        answer(
          ok(
            this.entries(stream)
              .map((entry, at): StreamEntry => ({ version: at + 1, entry }))
              .slice(after),
          ),
        ),
      streams: (prefix) =>
        answer(ok([...this.#streams.keys()].filter((name) => name.startsWith(prefix)).toSorted())),
      drop: (stream) => {
        this.#streams.delete(stream);
        return answer(ok(undefined));
      },
      fence: () => {
        this.#fences += 1;
        return answer(ok(this.#fences));
      },
      close: () => Promise.resolve(),
    };
  }

  #append(
    stream: string,
    expected: number,
    entries: readonly Json[],
    die: () => void,
  ): Result<number> {
    const { crash, full, lostAnswer } = this.faults;
    if (this.#random.chance(full)) return err(lgError('LG_STORE_DISK_FULL', 'simulated'));
    if (this.#random.chance(crash)) {
      die();
      return err(lgError('LG_STORE_CLOSED', 'dead'));
    }
    const kept = this.#streams.get(stream) ?? [];
    if (kept.length !== expected) return err(lgError('LG_STORE_CONFLICT', stream));
    // What is kept is bytes: nothing may rely on shared memory.
    kept.push(...entries.map((entry) => JSON.parse(JSON.stringify(entry)) as Json));
    this.#streams.set(stream, kept);
    this.#written(stream, entries);
    this.#interrupt();
    if (this.#random.chance(crash)) die();
    if (this.#random.chance(lostAnswer)) return err(lgError('LG_STORE_WRITE_FAILED', 'simulated'));
    return ok(kept.length);
  }

  #interrupt(): void {
    const { interruption } = this;
    if (interruption === undefined) return;
    interruption.after -= 1;
    if (interruption.after > 0) return;
    this.interruption = undefined;
    interruption.call();
  }
}
