import type { Json } from '../../base/canonical-json.ts';
import { assert } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import type { HoldView } from '../../model/run/hold.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';

const STREAM = 'hold';

/** One switching of the hold. */
export interface HoldEntry {
  readonly on: boolean;
  /** RFC 3339. */
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

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
      this.#last = readEntry(last.entry);
    }
    return ok(undefined);
  }

  /** As it is shown, with the runs whose reverts are still armed. */
  view(armed: readonly string[]): HoldView {
    const { on } = this;
    if (on === undefined) return { on: false, armed };
    return { on: true, reason: on.reason, by: on.by, since: on.at, armed };
  }

  /** The last switching, if it is on. */
  get on(): HoldEntry | undefined {
    return this.#last?.on === true ? this.#last : undefined;
  }

  /**
   * Switches it, durably. Switching to what it is already records who asked again. Switched on it
   * holds at once, even if the disk cannot keep it: then the error says that a restart lifts it.
   */
  async set(on: boolean, by: string, reason: string): Promise<Result<void>> {
    const entry: HoldEntry & Json = { on, at: toRfc3339(this.#clock.now()), by, reason };
    if (on) this.#last = entry;
    const appended = await this.#store.append(STREAM, this.#version, [entry]);
    if (!appended.ok) return appended;
    this.#version = appended.value;
    this.#last = entry;
    return ok(undefined);
  }
}

/** We alone write the stream, and it is authenticated by encryption: another form is a bug. */
function readEntry(entry: Json): HoldEntry {
  assert(entry !== null && typeof entry === 'object' && 'on' in entry, 'a hold entry has `on`');
  const text = (member: 'at' | 'by' | 'reason'): string => String(entry[member] ?? '');
  return { on: entry['on'] === true, at: text('at'), by: text('by'), reason: text('reason') };
}
