import type { Result } from '../../../src/base/result.ts';
import { isTerminal, type RunView } from '../../../src/model/run/run.ts';
import type { DaemonProcess } from './daemon-process.ts';
import type { FaultyStore } from './faulty-store.ts';
import { pump } from './pump.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Where ends are looked for, and who hears of them. */
interface EndsGround {
  readonly store: FaultyStore;
  readonly clock: VirtualClock;
  readonly process: DaemonProcess;
  /** A run's end is durable. */
  readonly ended: () => void;
  readonly accuse: (sentence: string) => void;
}

/** How runs end, as their journals have it: a run that is over is no longer active. */
export class RunEnds {
  readonly #on: EndsGround;

  constructor(on: EndsGround) {
    this.#on = on;
  }

  /** How often a run has ended: again each time a person tried again. */
  count(run: string): number {
    return this.#on.store
      .entries(`run/${run}`)
      .filter((entry) => typeof entry === 'object' && entry !== null && isEndEntry(entry)).length;
  }

  /** Lets time pass until a run has ended so often; undefined, and held against it, if never. */
  async until(run: string, times: number): Promise<RunView | undefined> {
    const { clock, process, ended } = this.#on;
    await pump(clock, () => this.count(run) >= times);
    if (this.count(run) < times) {
      this.#accuse(run);
      return undefined;
    }
    ended();
    let view: RunView | undefined;
    await pump(clock, () => {
      // An end whose answer was lost is known to the daemon a little later.
      if (process.isUp)
        void process.daemon?.view(run).then((found) => void (view = valueOf(found)));
      return view !== undefined && isTerminal(view.state);
    });
    if (view === undefined) this.#accuse(run);
    return view;
  }

  #accuse(run: string): void {
    const entries = this.#on.store.entries(`run/${run}`);
    const last = `${entries.length} entries, the last ${JSON.stringify(entries.at(-1))}`;
    this.#on.accuse(`the run did not end: ${last}`);
  }
}

function valueOf<Value>(result: Result<Value>): Value | undefined {
  return result.ok ? result.value : undefined;
}

function isEndEntry(entry: object): boolean {
  return 'kind' in entry && entry.kind === 'ended';
}
