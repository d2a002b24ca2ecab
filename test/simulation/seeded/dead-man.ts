import { err, ok, type Result } from '../../../src/base/result.ts';
import { fingerprintOf, type BlobHash } from '../../../src/model/checkpoint/capture.ts';
import { isMixOf } from '../../../src/model/checkpoint/image-mix.ts';
import { lgError } from '../../../src/model/errors/lg-error.ts';
import type { RunHand, TimerOrder } from '../../../src/model/run/run-world.ts';
import { deadManToken } from '../../../src/runner/fence.ts';
import type { Hosts } from './hosts.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

interface Guarded {
  readonly state: string;
  readonly before: BlobHash;
  readonly wanted: BlobHash;
}

/** The dead-man of a run on the hosts: it lives on when the daemon does not, and may oversleep. */
export class SeededDeadMan {
  readonly #hosts: Hosts;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  #run = '';
  #token = 0;
  #dueMs = 0;
  #guarded: Guarded[] = [];
  #phase: 'none' | 'armed' | 'fired' | 'disarmed' = 'none';
  #work: Promise<void> = Promise.resolve();

  constructor(hosts: Hosts, clock: VirtualClock, random: Random) {
    this.#hosts = hosts;
    this.#clock = clock;
    this.#random = random;
  }

  /** Whether it may still write. */
  isArmed(run: string): boolean {
    return this.#run === run && (this.#phase === 'armed' || this.#guarded.length > 0);
  }

  /** Whether it still stands between a change of a state and its staying. */
  isWatching(state: string): boolean {
    const isUp = this.#phase === 'armed' || this.#phase === 'fired';
    return isUp && this.#guarded.some((one) => one.state === state);
  }

  pending(state: string): readonly string[] {
    return this.isWatching(state) ? [this.#run] : [];
  }

  arm({ run, fence }: RunHand, { state, before, wanted, seconds }: TimerOrder): Result<void> {
    if (run !== this.#run) {
      this.#run = run;
      this.#guarded = [];
      this.#phase = 'none';
    }
    if (this.#phase === 'fired' || this.#phase === 'disarmed') {
      return err(lgError('LG_PROVIDER_TIMER', 'it was ended already'));
    }
    if (this.#phase === 'none') this.#wakeAfter(run, seconds * 1000);
    this.#phase = 'armed';
    this.#token = fence;
    if (!this.isWatching(state)) this.#guarded.push({ state, before, wanted });
    return ok(undefined);
  }

  extend(run: string, seconds: number): Result<void> {
    if (run !== this.#run || this.#phase !== 'armed') {
      return err(lgError('LG_PROVIDER_TIMER', 'it has ended'));
    }
    this.#dueMs = Math.max(this.#dueMs, this.#clock.trueMs + seconds * 1000);
    return ok(undefined);
  }

  /** Its process ends with the boot of its host. */
  endWithBoot(): void {
    if (this.#phase === 'armed') this.#disarm();
  }

  /** Another daemon drives the run. */
  renew({ run, fence }: RunHand): void {
    if (run === this.#run && this.#phase === 'armed') this.#token = Math.max(fence, this.#token);
  }

  confirm(run: string): 'confirmed' | 'already-reverted' {
    if (run !== this.#run) return 'confirmed';
    if (this.#phase === 'fired') return 'already-reverted';
    this.#disarm();
    return 'confirmed';
  }

  /** One that fired is waited for; then who armed it goes on where it was overtaken. */
  async cancel({ run, fence }: RunHand, id: string): Promise<void> {
    if (run === this.#run && this.#phase === 'fired') await this.#work;
    else if (run === this.#run) this.#disarm();
    const state = this.#hosts.find(id);
    if (state.fence === deadManToken(fence)) state.fence = fence;
  }

  #disarm(): void {
    this.#phase = 'disarmed';
    this.#guarded = [];
  }

  /** A process that was stopped looks later than it should; a clock set forward makes it early. */
  #wakeAfter(run: string, ms: number): void {
    const random = this.#random;
    const early = random.chance(0.1) ? random.next() : 1;
    const late = random.chance(0.2) ? random.between(0, 600_000) : 0;
    this.#dueMs = this.#clock.trueMs + ms * early + late;
    const look = (): void => {
      if (this.#run !== run || this.#phase !== 'armed') return;
      const leftMs = this.#dueMs - this.#clock.trueMs;
      if (leftMs > 0) return void this.#clock.after(leftMs, look);
      this.#phase = 'fired';
      this.#work = this.#goBack();
    };
    this.#clock.after(ms * early + late, look);
  }

  async #goBack(): Promise<void> {
    const token = deadManToken(this.#token);
    for (const guarded of this.#guarded.toReversed()) {
      await this.#clock.sleep(this.#random.between(1, 3_000));
      this.#putBack(guarded, token);
      this.#guarded = this.#guarded.filter((one) => one !== guarded);
    }
  }

  /** Lock, fence, look and write are one instant here, as an apply's are. */
  #putBack({ state: id, before, wanted }: Guarded, token: number): void {
    const state = this.#hosts.find(id);
    if (token < state.fence || state.broken) return;
    state.fence = token;
    const [was, will] = [this.#hosts.blobs.get(before), this.#hosts.blobs.get(wanted)];
    if (was === undefined || will === undefined) return;
    if (fingerprintOf(state.image) === fingerprintOf(was)) return;
    if (isMixOf(state.image, was, will, [])) state.image = was;
  }
}
