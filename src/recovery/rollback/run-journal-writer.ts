import { canonicalJson } from '../../base/canonical-json.ts';
import type { LastgoodError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { RunEntry } from '../../model/run/run-journal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { encodeEntry, journalStream } from './journal-codec.ts';

/** A full disk is emptied by people; between tries 1 s, 2 s, 4 s, … up to this. */
const RETRY_MS_MAX = 30_000;
const RETRY_MS_MIN = 1_000;

/** How an append ended for good. `superseded`: somebody else drives this run now. */
export type Written = 'durable' | 'superseded' | 'stopped';

/**
 * Appends a run's entries by compare-and-append and does not give up on a full or failing disk:
 * nothing may be done that is not written, so the run stands still until it can be. An append whose
 * answer was lost is recognized by reading what is there.
 */
export class RunJournalWriter {
  readonly #stream: string;
  readonly #on: { readonly store: ControlStore; readonly clock: Clock; readonly log: Log };
  #version: number;
  #stopped = false;
  #wakeUp: (() => void) | undefined;

  constructor(run: string, version: number, on: RunJournalWriter['on']) {
    this.#stream = journalStream(run);
    this.#version = version;
    this.#on = on;
  }

  /** What it was made with. */
  get on(): { readonly store: ControlStore; readonly clock: Clock; readonly log: Log } {
    return this.#on;
  }

  /** Waits until the entries are durable, or somebody else or the shutdown took the run away. */
  async write(entries: readonly RunEntry[]): Promise<Written> {
    const encoded = entries.map(encodeEntry);
    for (
      let pauseMs = RETRY_MS_MIN;
      !this.#stopped;
      pauseMs = Math.min(pauseMs * 2, RETRY_MS_MAX)
    ) {
      const appended = await this.#on.store.append(this.#stream, this.#version, encoded);
      if (appended.ok) {
        this.#version = appended.value;
        return 'durable';
      }
      if (appended.error.code === 'LG_STORE_CONFLICT') {
        const ours = await this.#isOurs(encoded);
        if (ours === true) return 'durable';
        if (ours === false) return 'superseded';
      }
      if (appended.error.code === 'LG_STORE_CLOSED') return 'stopped';
      this.#warn(appended.error);
      await this.#pause(pauseMs);
    }
    return 'stopped';
  }

  /** Gives up waiting; what is not durable by then did not happen. */
  stop(): void {
    this.#stopped = true;
    this.#wakeUp?.();
  }

  /** Whether what stands in the journal is what was to be written; undefined: not readable now. */
  async #isOurs(encoded: readonly ReturnType<typeof encodeEntry>[]): Promise<boolean | undefined> {
    const read = await this.#on.store.read(this.#stream, this.#version);
    if (!read.ok) return undefined;
    const found = read.value.map(({ entry }) => entry);
    if (canonicalJson(found) !== canonicalJson(encoded)) return false;
    this.#version += found.length;
    return true;
  }

  #warn(error: LastgoodError): void {
    this.#on.log.warn('RunJournalAppendedError', { stream: this.#stream, code: error.code });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#on.clock.after(ms, resolve);
      this.#wakeUp = () => {
        stop();
        resolve();
      };
    });
  }
}
