import { silentLog } from '../../../src/base/log.ts';
import type { RunView } from '../../../src/model/run/run.ts';
import type { RunWorld } from '../../../src/model/run/run-world.ts';
import { judgeGate } from '../../../src/recovery/gate/judge-gate.ts';
import { Rollbacks } from '../../../src/recovery/rollback/rollbacks.ts';
import type { FaultyStore } from './faulty-store.ts';
import type { Oracle } from './oracle.ts';
import { processStore, processWorld } from './process-world.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a daemon lives in. */
interface DaemonWorld {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly store: () => FaultyStore;
  readonly oracle: () => Oracle;
  readonly world: () => RunWorld;
  /** A view was told; by the daemon that is up then. */
  readonly told: (view: RunView, daemon: Rollbacks) => void;
}

/** No trouble with the disk. */
export const CALM = { crash: 0, full: 0, lostAnswer: 0 } as const;

/** After so many crashes the world calms down, so that every run can show how it ends. */
const CRASHES_MAX = 8;

/** The daemon of a life: one process after the other, each of which may die or be stopped. */
export class DaemonProcess {
  readonly #on: DaemonWorld;
  #generation = 0;
  #stoppedUntil = 0;
  #isHeld = false;
  #daemon: Rollbacks | undefined;
  isUp = false;
  crashes = 0;

  constructor(on: DaemonWorld) {
    this.#on = on;
  }

  /** The last one that was started. */
  get daemon(): Rollbacks | undefined {
    return this.#daemon;
  }

  /** Whether it lives and is not stopped. */
  get hears(): boolean {
    return this.isUp && this.#on.clock.trueMs >= this.#stoppedUntil;
  }

  /** Somebody stops it (SIGSTOP) for so long. */
  stop(ms: number): void {
    this.#stoppedUntil = this.#on.clock.trueMs + ms;
  }

  /** Puts writing on hold for a while, or lets it go on. */
  hold(on: boolean): void {
    const { clock, random, oracle } = this.#on;
    if (on && !this.hears) return;
    this.#isHeld = on;
    if (on) clock.after(random.between(1_000, 400_000), () => this.hold(false));
    // A daemon that was told writes no more; what it sent before is on its way.
    oracle().heldSince = on ? clock.trueMs : undefined;
    if (this.isUp) this.#daemon?.hold(on);
  }

  /** It dies, and another is started a little later. */
  crash(): void {
    const { clock, random, store } = this.#on;
    if (!this.isUp) return;
    this.isUp = false;
    this.#generation += 1;
    this.crashes += 1;
    if (this.crashes > CRASHES_MAX) store().faults = CALM;
    clock.after(random.between(1, 200_000), () => void this.boot());
  }

  /** A new process takes over what there is. */
  async boot(): Promise<void> {
    const { clock, random, store, oracle, world, told } = this.#on;
    this.#generation += 1;
    const mine = this.#generation;
    const isAlive = (): boolean => this.#generation === mine;
    const stoppedUntil = (): number => (isAlive() ? this.#stoppedUntil : 0);
    const life = { isAlive, stoppedUntil };
    this.#stoppedUntil = 0;
    this.isUp = true;
    const daemon = new Rollbacks({
      world: processWorld(world(), life, clock),
      store: processStore(store().forProcess(isAlive), life, clock),
      clock: clock.forProcess(isAlive, stoppedUntil),
      log: silentLog,
      random: (length) => random.bytes(length),
      judge: judgeGate,
      held: this.#isHeld,
    });
    oracle().heldSince = this.#isHeld ? clock.trueMs : undefined;
    this.#daemon = daemon;
    daemon.subscribe((view) => told(view, daemon));
    await daemon.recoverAll();
  }
}
