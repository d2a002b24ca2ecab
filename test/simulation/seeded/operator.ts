import type { RunView } from '../../../src/model/run/run.ts';
import type { DaemonProcess } from './daemon-process.ts';
import type { Hosts } from './hosts.ts';
import { pump } from './pump.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What whoever was called finds. */
interface OperatorWorld {
  readonly process: DaemonProcess;
  readonly clock: VirtualClock;
  readonly hosts: Hosts;
  readonly random: Random;
  readonly accuse: (sentence: string) => void;
  /** Waits for the end after that in which a person was called. */
  readonly untilEndedAgain: (run: string) => Promise<RunView | undefined>;
}

/** What people do of a run that has ended, and what must be so whatever they do. */
export class Operator {
  readonly #on: OperatorWorld;
  /** How often somebody tried again. */
  resumed = 0;

  constructor(on: OperatorWorld) {
    this.#on = on;
  }

  /** Sees to an end; answers once nothing is held any more, or should not be. */
  async seeTo(run: string, end: RunView): Promise<void> {
    const { process, clock, random, accuse } = this.#on;
    const states = end.progress.map(({ state }) => state);
    if (end.state !== 'NEEDS_OPERATOR') return this.#judgeFree(states, end.state);
    if (end.why?.endsWith('is away') === true) {
      accuse('tries were used up on a host that was merely away');
    }
    this.#judgeQuarantine(run, states);
    if (random.chance(0.3)) {
      process.crash();
      await pump(clock, () => process.isUp && this.#holderOf(states[0] ?? '') !== undefined);
      this.#judgeQuarantine(run, states);
    }
    if (random.chance(0.5)) {
      const again = await this.#resume(run);
      if (again !== undefined && again.state !== 'NEEDS_OPERATOR') {
        return this.#judgeFree(states, again.state);
      }
    }
    let released = false;
    void process.daemon?.release(run, 'ann', 'seen').then((answer) => {
      released = answer.ok;
    });
    await pump(clock, () => released);
    this.#judgeFree(states, 'released');
  }

  /** A person mends what was broken and lets the engine try again. */
  async #resume(run: string): Promise<RunView | undefined> {
    const { process, clock, hosts, accuse, untilEndedAgain } = this.#on;
    for (const state of hosts.states) state.broken = false;
    let isTaken: boolean | undefined;
    void process.daemon?.resume(run, 'ann').then((answer) => {
      isTaken = answer.ok;
    });
    await pump(clock, () => isTaken !== undefined);
    if (isTaken === true) {
      this.resumed += 1;
      return untilEndedAgain(run);
    }
    accuse('a person could not try again');
    return undefined;
  }

  #holderOf(state: string): string | undefined {
    return this.#on.process.daemon?.holderOf(state);
  }

  #judgeQuarantine(run: string, states: readonly string[]): void {
    if (states.some((state) => this.#holderOf(state) !== run)) {
      this.#on.accuse('NEEDS_OPERATOR without quarantine lock');
    }
  }

  #judgeFree(states: readonly string[], end: string): void {
    const isHeld = states.some((state) => this.#holderOf(state) !== undefined);
    if (isHeld) this.#on.accuse(`${end} with a lock left`);
  }
}
