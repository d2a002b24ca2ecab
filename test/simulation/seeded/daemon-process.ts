import { silentLog } from '../../../src/base/log.ts';
import type { RunView } from '../../../src/model/run/run.ts';
import type { RunWorld } from '../../../src/model/run/run-world.ts';
import { judgeGate } from '../../../src/recovery/gate/judge-gate.ts';
import { Rollbacks } from '../../../src/recovery/rollback/rollbacks.ts';
import type { FaultyStore } from './faulty-store.ts';
import type { Oracle } from './oracle.ts';
import { processStore, processWorld, type Life } from './process-world.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a daemon lives in. */
interface DaemonWorld {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly store: () => FaultyStore;
  readonly oracle: () => Oracle;
  /** The world of one process; `isNewest`: nobody has taken over from it. */
  readonly world: (isNewest: () => boolean) => RunWorld;
  /** A view was told, by the daemon that made it. */
  readonly told: (view: RunView, daemon: Rollbacks) => void;
}

/** No trouble with the disk. */
export const CALM = { crash: 0, full: 0, lostAnswer: 0 } as const;

/** After so many crashes the world calms down, so that every run can show how it ends. */
const CRASHES_MAX = 8;

/**
 * The daemon of a life: one process after the other, each of which may die or be stopped. One that
 * is stopped may be overtaken by the next, and wake up beside it.
 */
export class DaemonProcess {
  readonly #on: DaemonWorld;
  #generation = 0;
  /** Until when each process that lives is stopped. */
  readonly #stopped = new Map<number, number>();
  #isHeld = false;
  #daemon: Rollbacks | undefined;
  isUp = false;
  crashes = 0;
  /** How often one took over while the last one lived. */
  overtakes = 0;
  /** The one that did so last. */
  #overtaker = 0;

  constructor(on: DaemonWorld) {
    this.#on = on;
  }

  /** The last one that was started. */
  get daemon(): Rollbacks | undefined {
    return this.#daemon;
  }

  /** Whether it lives and is not stopped. */
  get hears(): boolean {
    return this.isUp && this.#on.clock.trueMs >= this.#stoppedUntil(this.#generation);
  }

  /** Whether nobody lives but the newest. */
  get isAlone(): boolean {
    return this.#stopped.size <= 1;
  }

  /** Somebody stops it (SIGSTOP) for so long. */
  stop(ms: number): void {
    if (this.isUp) this.#stopped.set(this.#generation, this.#on.clock.trueMs + ms);
  }

  /** It is stopped for so long, and another is started meanwhile that takes it for dead. */
  async overtake(ms: number): Promise<void> {
    if (!this.isUp || !this.isAlone) return;
    this.stop(ms);
    this.overtakes += 1;
    this.#overtaker = this.#generation + 1;
    await this.boot();
  }

  /**
   * Whoever was overtaken is ended, and who overtook him begins anew with what the journals say:
   * what the other wrote to them meanwhile he has not read.
   */
  async endOvertaken(): Promise<void> {
    if (this.isAlone && this.#generation !== this.#overtaker) return;
    this.#stopped.clear();
    await this.boot();
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

  /** The newest dies, and another is started a little later. */
  crash(): void {
    if (this.isUp) this.#die(this.#generation);
  }

  #die(process: number): void {
    const { clock, random, store } = this.#on;
    if (!this.#stopped.delete(process)) return;
    this.crashes += 1;
    if (this.crashes > CRASHES_MAX) store().faults = CALM;
    if (process === this.#generation) this.isUp = false;
    // Of one that was overtaken, too: the run may have been its own again.
    clock.after(random.between(1, 200_000), () => void this.boot());
  }

  #stoppedUntil(process: number): number {
    return this.#stopped.get(process) ?? 0;
  }

  /** A new process takes over what there is. */
  async boot(): Promise<void> {
    const { clock, random, store, oracle, world, told } = this.#on;
    // The one before it, if it is up and not stopped, is ended first: that is its supervisor's way.
    if (this.hears) this.#stopped.delete(this.#generation);
    this.#generation += 1;
    const mine = this.#generation;
    const life: Life = {
      isAlive: () => this.#stopped.has(mine),
      stoppedUntil: () => this.#stoppedUntil(mine),
    };
    this.#stopped.set(mine, 0);
    this.isUp = true;
    const view = store().forProcess(life.isAlive, () => this.#die(mine));
    const mineOnly = processWorld(
      world(() => this.#generation === mine),
      life,
      clock,
    );
    const daemon = new Rollbacks({
      world: () => mineOnly,
      store: processStore(view, life, clock),
      clock: clock.forProcess(life.isAlive, life.stoppedUntil),
      log: silentLog,
      random: (length) => random.bytes(length),
      judge: judgeGate,
      held: this.#isHeld,
    });
    oracle().heldSince = this.#isHeld ? clock.trueMs : undefined;
    this.#daemon = daemon;
    daemon.subscribe((one) => told(one, daemon));
    await daemon.recoverAll();
  }
}
