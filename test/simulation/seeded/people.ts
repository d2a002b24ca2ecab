import type { Plan } from '../../../src/model/run/plan.ts';
import type { RunView } from '../../../src/model/run/run.ts';
import type { Rollbacks } from '../../../src/recovery/rollback/rollbacks.ts';
import type { StartedRun } from '../../../src/recovery/rollback/start-run.ts';
import type { DaemonProcess } from './daemon-process.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Who asks for the runs of a life, with the second word. */
export const ASKER = { by: 'ann', approvedBy: 'bob' } as const;

/** What people look at. */
interface PeopleWorld {
  readonly process: DaemonProcess;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly accuse: (sentence: string) => void;
  /** What is under way now. */
  readonly started: () => StartedRun | undefined;
  readonly planned: () => Plan | undefined;
  readonly hasEnded: (run: string) => boolean;
}

/** People who confirm, cancel and begin runs of their own, while a run is under way. */
export class People {
  readonly #on: PeopleWorld;
  /** Somebody else's run began after the one of this life had ended. */
  hasIntruder = false;

  constructor(on: PeopleWorld) {
    this.#on = on;
  }

  /** A person who looks at the run sometimes confirms it, sometimes with the wrong token. */
  answer(view: RunView, daemon: Rollbacks): void {
    const { process, clock, random, accuse, started } = this.#on;
    const { nonce } = view;
    if (view.state !== 'AWAITING_CONFIRM' || nonce === undefined) return;
    if (random.chance(0.4)) return;
    const token = random.chance(0.2) ? 'wrong' : (started()?.token ?? '');
    clock.after(random.between(10, 300_000), () => {
      if (!process.hears) return;
      void daemon.confirm(view.run, token, nonce, 'ann').then((answer) => {
        if (answer.ok && token === 'wrong') accuse('a wrong token was taken');
      });
    });
  }

  async cancel(): Promise<void> {
    const { process, started } = this.#on;
    const run = started()?.run;
    if (run !== undefined && process.hears) await process.daemon?.cancel(run, 'ann');
  }

  /** A second run of the same states: none may begin before this one has ended. */
  async intrude(): Promise<void> {
    const { process, accuse, started, planned, hasEnded } = this.#on;
    const [run, daemon, plan] = [started()?.run, process.daemon, planned()];
    if (run === undefined || daemon === undefined || plan === undefined || !process.hears) return;
    // Locks are a daemon's own; what keeps two of them from one folder is no part of this world.
    if (process.overtakes > 0) return;
    const answer = await daemon.startRun({ ...plan, id: 'pln_2' }, ASKER);
    if (!answer.ok) return;
    this.hasIntruder = true;
    if (!hasEnded(run) && process.overtakes === 0) accuse('two runs hold one state');
  }
}
