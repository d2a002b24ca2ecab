import { silentLog } from '../../../src/base/log.ts';
import type { Result } from '../../../src/base/result.ts';
import { addMs, toRfc3339 } from '../../../src/base/time.ts';
import type { Plan } from '../../../src/model/run/plan.ts';
import { isTerminal, type RunView } from '../../../src/model/run/run.ts';
import type { RunWorld } from '../../../src/model/run/run-world.ts';
import { judgeGate } from '../../../src/recovery/gate/judge-gate.ts';
import { planHash } from '../../../src/recovery/plan/make-plan.ts';
import { Rollbacks } from '../../../src/recovery/rollback/rollbacks.ts';
import type { StartedRun } from '../../../src/recovery/rollback/start-run.ts';
import { awayWorld } from './away-world.ts';
import { SeededDeadMan } from './dead-man.ts';
import { FaultyStore } from './faulty-store.ts';
import { faultyWorld, type WorldFaults } from './faulty-world.ts';
import { Hosts } from './hosts.ts';
import { Oracle } from './oracle.ts';
import { Random } from './random.ts';
import { simulatedPlan } from './simulated-plan.ts';
import { VirtualClock } from './virtual-clock.ts';

/** How one seeded run went. */
export interface SimulatedRun {
  readonly seed: number;
  /** The state the run ended in, or `refused`. */
  readonly end: string;
  readonly crashes: number;
  readonly violations: readonly string[];
}

/** Sets the chances of absences apart, so that what else happens in a life stays as it is. */
const ABSENCES = 1_000_000_007;

/** A run that has not ended by then, in alarms of the clock, never will. */
const ALARMS_MAX = 20_000;

/** One whole life of a rollback in a random unreliable world; equal seeds give equal lives. */
export async function simulateRun(seed: number): Promise<SimulatedRun> {
  return new Simulation(seed).run();
}

class Simulation {
  readonly #seed: number;
  readonly #random: Random;
  readonly #clock = new VirtualClock();
  readonly #hosts: Hosts;
  readonly #man: SeededDeadMan;
  readonly #store: FaultyStore;
  readonly #oracle: Oracle;
  readonly #faults: WorldFaults;
  readonly #wildness: number;
  #generation = 0;
  #isUp = false;
  #crashes = 0;
  #daemon: Rollbacks | undefined;
  #started: StartedRun | undefined;
  #isHeld = false;
  #isOver = false;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new Random(seed);
    const random = this.#random;
    this.#hosts = new Hosts(random);
    this.#man = new SeededDeadMan(this.#hosts, this.#clock, random);
    this.#oracle = new Oracle(this.#hosts, this.#clock, () => this.#store, this.#man);
    this.#store = new FaultyStore(
      random,
      () => this.#crash(),
      (stream, entries) => this.#oracle.written(stream, entries),
    );
    // Calm worlds show that good runs end well; the others are where the lies would be.
    this.#wildness = random.chance(0.4) ? 0.05 : 1;
    const rare = (often: number): number =>
      random.chance(0.5) ? 0 : this.#wildness * often * random.next();
    this.#faults = {
      unreadable: rare(0.1),
      failClean: rare(0.3),
      tear: rare(0.5),
      loseAnswer: rare(0.3),
      lie: rare(0.2),
      hang: rare(0.2),
      breakForGood: rare(0.1),
      noise: rare(0.4),
      heals: random.chance(0.7),
      harms: random.chance(0.2) ? random.between(0, 4) : undefined,
    };
  }

  async run(): Promise<SimulatedRun> {
    await this.#boot();
    const plan = this.#plan();
    const random = this.#random;
    this.#planTrouble();
    const daemon = this.#daemon;
    if (daemon === undefined) throw new Error('no daemon');
    const asking = daemon.startRun(plan, { by: 'ann', approvedBy: 'bob' });
    let refusal: string | undefined;
    void asking.then((answer) => {
      if (answer.ok) this.#started = answer.value;
      else refusal = answer.error.code;
    });
    await this.#pump(() => this.#started !== undefined || refusal !== undefined);
    const crash = random.chance(0.6) ? this.#wildness * 0.15 * random.next() : 0;
    const full = random.chance(0.3) ? 0.3 * random.next() : 0;
    this.#store.faults = { crash, full, lostAnswer: full / 3 };
    if (this.#started === undefined) return this.#result(`refused ${refusal ?? 'silently'}`);
    const run = this.#started.run;
    const end = await this.#untilEnded(run);
    if (end === undefined) {
      this.#oracle.violations.push(`the run did not end: ${await this.#stateOf(run)}`);
      return this.#result('never');
    }
    await this.#afterwards(run, end);
    return this.#result(end.state);
  }

  async #untilEnded(run: string): Promise<RunView | undefined> {
    let end: RunView | undefined;
    await this.#pump(() => {
      const views = this.#isUp ? (this.#daemon?.active() ?? []) : [];
      end = views.find((view) => view.run === run && isTerminal(view.state));
      // A run that is over is no longer active: its journal says how it ended.
      return end !== undefined || this.#isEnded(run);
    });
    if (!this.#isEnded(run)) return undefined;
    this.#store.faults = { crash: 0, full: 0, lostAnswer: 0 };
    this.#isOver = true;
    let view: RunView | undefined;
    await this.#pump(() => {
      // An end whose answer was lost is known to the daemon a little later.
      if (this.#isUp) void this.#daemon?.view(run).then((found) => void (view = valueOf(found)));
      return view !== undefined && isTerminal(view.state);
    });
    return view;
  }

  #isEnded(run: string): boolean {
    return this.#store
      .entries(`run/${run}`)
      .some((entry) => typeof entry === 'object' && entry !== null && isEndEntry(entry));
  }

  async #afterwards(run: string, end: RunView): Promise<void> {
    const states = end.progress.map(({ state }) => state);
    const holders = states.map((state) => this.#daemon?.holderOf(state));
    if (end.state !== 'NEEDS_OPERATOR') {
      if (holders.some((holder) => holder !== undefined)) {
        this.#oracle.violations.push(`${end.state} with a lock left`);
      }
      return;
    }
    if (end.why?.endsWith('is away') === true) {
      this.#oracle.violations.push('tries were used up on a host that was merely away');
    }
    if (holders.some((holder) => holder !== run)) {
      this.#oracle.violations.push('NEEDS_OPERATOR without quarantine lock');
    }
    let released = false;
    void this.#daemon?.release(run, 'ann', 'seen').then((answer) => {
      released = answer.ok;
    });
    await this.#pump(() => released);
    if (states.some((state) => this.#daemon?.holderOf(state) !== undefined)) {
      this.#oracle.violations.push('released with a lock left');
    }
  }

  /** Third parties, clocks, holds, reboots and people, each at some random time. */
  #planTrouble(): void {
    const random = this.#random;
    const later = (probability: number, call: () => void): void => {
      const spread = random.pick([3_000, 30_000, 700_000]);
      if (random.chance(probability * this.#wildness)) {
        this.#clock.after(random.between(0, spread), () => !this.#isOver && call());
      }
    };
    for (const state of this.#hosts.states) {
      later(0.1, () => this.#hosts.disturb(state, random, this.#clock.trueMs));
    }
    later(0.15, () => this.#clock.jump(random.between(-7_200_000, 7_200_000)));
    later(0.15, () => this.#crash());
    later(0.05, () => {
      this.#crash();
      this.#clock.reboot();
    });
    later(0.1, () => this.#hold(true));
    later(0.4, () => void this.#cancel());
    this.#planAbsences();
  }

  /** Hosts that go away for a moment, a minute or hours; by chances of their own. */
  #planAbsences(): void {
    const random = new Random(this.#seed + ABSENCES);
    for (const state of this.#hosts.states) {
      if (!random.chance(0.3 * this.#wildness)) continue;
      const ms = random.pick([2_000, 60_000, 10_800_000]);
      this.#clock.after(random.between(0, random.pick([3_000, 30_000, 700_000])), () => {
        state.awayUntil = this.#clock.trueMs + ms;
      });
    }
  }

  #hold(on: boolean): void {
    this.#isHeld = on;
    if (on) this.#clock.after(this.#random.between(1_000, 400_000), () => this.#hold(false));
    // A daemon that was told writes no more; what it sent before is on its way.
    this.#oracle.heldSince = on ? this.#clock.trueMs : undefined;
    if (this.#isUp) this.#daemon?.hold(on);
  }

  async #cancel(): Promise<void> {
    const run = this.#started?.run;
    if (run !== undefined && this.#isUp) await this.#daemon?.cancel(run, 'ann');
  }

  #crash(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#generation += 1;
    this.#crashes += 1;
    // After many crashes the world calms down, so that every run can show how it ends.
    if (this.#crashes > 8) this.#store.faults = { crash: 0, full: 0, lostAnswer: 0 };
    this.#clock.after(this.#random.between(1, 200_000), () => void this.#boot());
  }

  async #boot(): Promise<void> {
    this.#generation += 1;
    const mine = this.#generation;
    const isAlive = (): boolean => this.#generation === mine;
    this.#isUp = true;
    const random = this.#random;
    const world = this.#world();
    const daemon = new Rollbacks({
      world: mortal(world, isAlive),
      store: this.#store.forProcess(isAlive),
      clock: this.#clock.forProcess(isAlive),
      log: silentLog,
      random: (length) => random.bytes(length),
      judge: judgeGate,
      held: this.#isHeld,
    });
    this.#oracle.heldSince = this.#isHeld ? this.#clock.trueMs : undefined;
    this.#daemon = daemon;
    daemon.subscribe((view) => this.#answer(view, daemon));
    await daemon.recoverAll();
  }

  #world(): RunWorld {
    const faults = this.#faults;
    const [hosts, clock, random] = [this.#hosts, this.#clock, this.#random];
    const world = faultyWorld(hosts, clock, random, faults, this.#oracle, this.#man);
    return { ...world, ...awayWorld(world, hosts, clock) };
  }

  /** A person who looks at the run sometimes confirms it, sometimes with the wrong token. */
  #answer(view: RunView, daemon: Rollbacks): void {
    const { nonce } = view;
    if (view.state !== 'AWAITING_CONFIRM' || nonce === undefined) return;
    const random = this.#random;
    if (random.chance(0.4)) return;
    const token = random.chance(0.2) ? 'wrong' : (this.#started?.token ?? '');
    this.#clock.after(random.between(10, 300_000), () => {
      void daemon.confirm(view.run, token, nonce, 'ann').then((answer) => {
        if (answer.ok && token === 'wrong') {
          this.#oracle.violations.push('a wrong token was taken');
        }
      });
    });
  }

  #plan(): Plan {
    const content = simulatedPlan(this.#hosts, this.#random);
    const { now } = this.#clock.forProcess(() => true);
    return {
      id: 'pln_1',
      planHash: planHash(content),
      content,
      createdAt: toRfc3339(now()),
      expiresAt: toRfc3339(addMs(now(), 900_000)),
      requestedBy: 'ann',
      reason: 'simulated',
    };
  }

  async #stateOf(run: string): Promise<string> {
    const entries = this.#store.entries(`run/${run}`);
    return `${entries.length} entries, up ${this.#isUp}, ${JSON.stringify(entries.at(-1))}`;
  }

  /** Lets time pass until something is so; false when it will never be. */
  async #pump(isSo: () => boolean): Promise<boolean> {
    for (let alarms = 0; alarms < ALARMS_MAX; alarms += 1) {
      await turn();
      if (isSo()) return true;
      if (this.#clock.advance()) continue;
      // No alarm is left; what was just asked may still be answered.
      await turn();
      return isSo();
    }
    return false;
  }

  #result(end: string): SimulatedRun {
    const { violations } = this.#oracle;
    return { seed: this.#seed, end, crashes: this.#crashes, violations };
  }
}

/** The world of one process: once it is dead it asks for nothing and hears nothing. */
function mortal(world: RunWorld, isAlive: () => boolean): RunWorld {
  const never = new Promise<never>(() => undefined);
  const wrap =
    <Args extends readonly unknown[], Value>(call: (...args: Args) => Promise<Value>) =>
    (...args: Args): Promise<Value> =>
      isAlive() ? call(...args).then((value) => (isAlive() ? value : never)) : never;
  const { deadMan, fence } = world;
  return {
    ...world,
    fence: wrap(fence),
    pause: wrap(world.pause),
    resume: wrap(world.resume),
    preflight: wrap(world.preflight),
    observe: wrap(world.observe),
    image: wrap(world.image),
    takeBefore: wrap(world.takeBefore),
    apply: wrap(world.apply),
    sample: wrap(world.sample),
    deadMan: {
      arm: wrap(deadMan.arm),
      disarm: wrap(deadMan.disarm),
      confirm: wrap(deadMan.confirm),
      pending: wrap(deadMan.pending),
    },
  };
}

function valueOf<Value>(result: Result<Value>): Value | undefined {
  return result.ok ? result.value : undefined;
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function isEndEntry(entry: object): boolean {
  return 'kind' in entry && entry.kind === 'ended';
}
