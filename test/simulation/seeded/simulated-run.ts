import { ok, type Result } from '../../../src/base/result.ts';
import type { Plan } from '../../../src/model/run/plan.ts';
import type { RunWorld } from '../../../src/model/run/run-world.ts';
import type { Rollbacks } from '../../../src/recovery/rollback/rollbacks.ts';
import type { StartedRun } from '../../../src/recovery/rollback/start-run.ts';
import { awayWorld } from './away-world.ts';
import { CALM, DaemonProcess } from './daemon-process.ts';
import { SeededDeadMan } from './dead-man.ts';
import { FaultyStore } from './faulty-store.ts';
import { faultyWorld, type WorldFaults } from './faulty-world.ts';
import { Hosts } from './hosts.ts';
import { Operator } from './operator.ts';
import { Oracle } from './oracle.ts';
import { ASKER, People } from './people.ts';
import { pump } from './pump.ts';
import { Random } from './random.ts';
import { RunEnds } from './run-ends.ts';
import { askedPlan, simulatedPlan, type WayBack } from './simulated-plan.ts';
import {
  planAbsences,
  planOvertaking,
  planTrouble,
  seededFaults,
  seededMeddling,
  type Troubled,
} from './trouble.ts';
import { VirtualClock } from './virtual-clock.ts';

/** How one seeded life went. */
export interface SimulatedRun {
  readonly seed: number;
  /** The state its first run ended in, or `refused`. */
  readonly end: string;
  readonly crashes: number;
  /** Runs that were taken back, and those of which that was taken back again. */
  readonly undone: number;
  /** How often a person tried again. */
  readonly resumed: number;
  /** How often a second daemon took over from one that lived. */
  readonly overtakes: number;
  readonly violations: readonly string[];
}

/** Sets the chances of what comes after a run apart from those of the run. */
const AFTERWARDS = 1_000_000_009;

/** Longer than any call is on its way. */
const SETTLED_MS = 1_000_000;

/** A run, its undo, and the undo of that. */
const UNDOS_MAX = 2;

/** The whole life of a rollback in a random unreliable world; equal seeds give equal lives. */
export async function simulateRun(
  seed: number,
  sabotage: WorldSabotage = () => ({}),
): Promise<SimulatedRun> {
  return new Simulation(seed, sabotage).run();
}

/** Takes a safeguard of the hosts away, to see that it is missed. */
export type WorldSabotage = (world: RunWorld, hosts: Hosts) => Partial<RunWorld>;

class Simulation {
  readonly #seed: number;
  readonly #sabotage: WorldSabotage;
  readonly #random: Random;
  readonly #after: Random;
  readonly #clock = new VirtualClock();
  readonly #hosts: Hosts;
  readonly #man: SeededDeadMan;
  readonly #store: FaultyStore;
  readonly #oracle: Oracle;
  readonly #faults: WorldFaults;
  readonly #wildness: number;
  readonly #process: DaemonProcess;
  readonly #ends: RunEnds;
  readonly #operator: Operator;
  readonly #people: People;
  #started: StartedRun | undefined;
  #planned: Plan | undefined;
  #isOver = false;
  #undone = 0;

  constructor(seed: number, sabotage: WorldSabotage) {
    this.#seed = seed;
    this.#sabotage = sabotage;
    this.#random = new Random(seed);
    this.#after = new Random(seed + AFTERWARDS);
    const random = this.#random;
    this.#hosts = new Hosts(random);
    this.#man = new SeededDeadMan(this.#hosts, this.#clock, random);
    this.#oracle = new Oracle(this.#hosts, this.#clock, () => this.#store, this.#man);
    this.#store = new FaultyStore(random, (stream, entries) =>
      this.#oracle.written(stream, entries),
    );
    // Calm worlds show that good runs end well; the others are where the lies would be.
    this.#wildness = random.chance(0.4) ? 0.05 : 1;
    const faults = seededFaults(random, this.#wildness);
    this.#faults = { ...faults, ...seededMeddling(seed, this.#wildness) };
    this.#process = new DaemonProcess({
      clock: this.#clock,
      random,
      store: () => this.#store,
      oracle: () => this.#oracle,
      world: (isNewest) => this.#world(isNewest),
      told: (view, daemon) => this.#people.answer(view, daemon),
    });
    const accuse = (sentence: string): void => void this.#oracle.violations.push(sentence);
    this.#ends = new RunEnds({
      store: this.#store,
      clock: this.#clock,
      process: this.#process,
      ended: () => {
        this.#store.faults = CALM;
        this.#isOver = true;
      },
      accuse,
    });
    this.#people = new People({
      process: this.#process,
      clock: this.#clock,
      random,
      accuse,
      started: () => this.#started,
      planned: () => this.#planned,
      hasEnded: (run) => this.#ends.count(run) > 0,
    });
    this.#operator = new Operator({
      process: this.#process,
      clock: this.#clock,
      hosts: this.#hosts,
      random: this.#after,
      accuse,
      untilEndedAgain: (run) => this.#ends.until(run, 2),
    });
  }

  async run(): Promise<SimulatedRun> {
    await this.#process.boot();
    const plan = this.#plan();
    planAbsences(this.#seed, this.#wildness, this.#troubled());
    planOvertaking(this.#seed, this.#wildness, this.#troubled());
    const end = await this.#live((daemon) => daemon.startRun(plan, ASKER));
    let last = end;
    for (let undos = 0; undos < UNDOS_MAX && last === 'COMMITTED'; undos += 1) {
      if (this.#people.hasIntruder || !this.#after.chance(0.5)) break;
      last = await this.#undo();
    }
    await this.#settle();
    return this.#result(end);
  }

  /** One run from its start to what people do once it has ended; answers how it did. */
  async #live(start: (daemon: Rollbacks) => Promise<Result<StartedRun>>): Promise<string> {
    const random = this.#random;
    this.#isOver = false;
    this.#started = undefined;
    planTrouble(random, this.#wildness, this.#troubled());
    const daemon = this.#process.daemon;
    if (daemon === undefined) throw new Error('no daemon');
    let refusal: string | undefined;
    void start(daemon).then((answer) => {
      if (answer.ok) this.#started = answer.value;
      else refusal = answer.error.code;
    });
    await this.#pump(() => this.#started !== undefined || refusal !== undefined);
    const crash = random.chance(0.6) ? this.#wildness * 0.15 * random.next() : 0;
    const full = random.chance(0.3) ? 0.3 * random.next() : 0;
    this.#store.faults = { crash, full, lostAnswer: full / 3 };
    if (this.#started === undefined) return `refused ${refusal ?? 'silently'}`;
    const { run } = this.#started;
    const end = await this.#ends.until(run, 1);
    if (end === undefined) return 'never';
    await this.#process.endOvertaken();
    if (!this.#people.hasIntruder) await this.#operator.seeTo(run, end);
    return end.state;
  }

  /** Whatever is still on its way arrives, when the run that sent it has long ended. */
  async #settle(): Promise<void> {
    let isLater = false;
    this.#clock.after(SETTLED_MS, () => {
      isLater = true;
    });
    await this.#pump(() => isLater);
  }

  /** Back to P, which must work as long as nobody else has changed anything. */
  async #undo(): Promise<string> {
    const run = this.#started?.run ?? '';
    const isClean = this.#hosts.states.every(({ foreign }) => foreign.size === 0);
    const end = await this.#live((daemon) =>
      daemon.undo(run, ASKER, async ({ before = '' }, { redBefore }) => {
        const plan = this.#plan({ checkpoint: before, redBefore });
        return ok({ ...plan, undoOf: run });
      }),
    );
    if (end === 'refused LG_ROLLBACK_UNDO_IMPOSSIBLE' && isClean) {
      this.#oracle.violations.push('an undo was refused although nothing had changed');
    }
    this.#undone += 1;
    return end;
  }

  #troubled(): Troubled {
    return {
      hosts: this.#hosts,
      clock: this.#clock,
      man: this.#man,
      store: this.#store,
      crash: () => this.#process.crash(),
      stop: (ms) => this.#process.stop(ms),
      overtake: (ms) => void this.#process.overtake(ms),
      hold: () => this.#process.hold(true),
      cancel: () => void this.#people.cancel(),
      intrude: () => void this.#people.intrude(),
      isOver: () => this.#isOver,
    };
  }

  #world(isNewest: () => boolean): RunWorld {
    const faults = this.#faults;
    const [hosts, clock, random] = [this.#hosts, this.#clock, this.#random];
    const witness = this.#oracle.beside(isNewest);
    const world = faultyWorld({ hosts, clock, random, faults, witness, man: this.#man });
    const away = { ...world, ...awayWorld(world, hosts, clock) };
    return { ...away, ...this.#sabotage(away, hosts) };
  }

  #plan(back?: WayBack): Plan {
    const content = simulatedPlan(this.#hosts, this.#random, back);
    const id = back === undefined ? 'pln_1' : `pln_undo_${this.#undone}`;
    this.#planned = askedPlan(id, content, this.#clock.forProcess(() => true).now());
    return this.#planned;
  }

  #pump(isSo: () => boolean): Promise<boolean> {
    return pump(this.#clock, isSo);
  }

  #result(end: string): SimulatedRun {
    const { violations } = this.#oracle;
    const { crashes, overtakes } = this.#process;
    const { resumed } = this.#operator;
    return { seed: this.#seed, end, crashes, undone: this.#undone, resumed, overtakes, violations };
  }
}
