import { z } from 'zod';
import { ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';

const STREAM = 'hold';

const entrySchema = z.object({
  on: z.boolean(),
  at: z.string(),
  by: z.string(),
  reason: z.string(),
});

/** One switching of the hold. */
export type HoldEntry = z.output<typeof entrySchema>;

/** The switch that stops every write; durable, so that a restart does not lift it. */
export class Hold {
  readonly #store: ControlStore;
  readonly #clock: Clock;
  #version = 0;
  #last: HoldEntry | undefined;

  constructor(store: ControlStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Reads how it was left. Call once before use. */
  async load(): Promise<Result<void>> {
    const read = await this.#store.read(STREAM);
    if (!read.ok) return read;
    const last = read.value.at(-1);
    if (last !== undefined) {
      this.#version = last.version;
      this.#last = entrySchema.parse(last.entry);
    }
    return ok(undefined);
  }

  /** The last switching, if it is on. */
  get on(): HoldEntry | undefined {
    return this.#last?.on === true ? this.#last : undefined;
  }

  /** Switches it, durably. Switching to what it is already records who asked again. */
  async set(on: boolean, by: string, reason: string): Promise<Result<void>> {
    const entry = { on, at: toRfc3339(this.#clock.now()), by, reason };
    const appended = await this.#store.append(STREAM, this.#version, [entry]);
    if (!appended.ok) return appended;
    this.#version = appended.value;
    this.#last = entry;
    return ok(undefined);
  }
}
