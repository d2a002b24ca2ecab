import { silentLog } from '../../src/base/log.ts';
import { unwrap, type Result } from '../../src/base/result.ts';
import { addMs, toRfc3339 } from '../../src/base/time.ts';
import { fingerprintOf } from '../../src/model/checkpoint/capture.ts';
import type { CheckpointId } from '../../src/model/checkpoint/checkpoint.ts';
import type { Plan, PlanContent } from '../../src/model/run/plan.ts';
import type { RunNotice, RunWorld } from '../../src/model/run/run-world.ts';
import { isTerminal, type RunView } from '../../src/model/run/run.ts';
import { judgeGate } from '../../src/recovery/gate/judge-gate.ts';
import { makePlan, planHash } from '../../src/recovery/plan/make-plan.ts';
import type { PlanInput } from '../../src/recovery/plan/plan-input.ts';
import { Rollbacks } from '../../src/recovery/rollback/rollbacks.ts';
import type { Requester, StartedRun } from '../../src/recovery/rollback/start-run.ts';
import { FaultyStore } from '../simulation/seeded/faulty-store.ts';
import { SeededDeadMan } from '../simulation/seeded/dead-man.ts';
import { faultyWorld, proposalsOf, type WorldFaults } from '../simulation/seeded/faulty-world.ts';
import { Hosts } from '../simulation/seeded/hosts.ts';
import { Random } from '../simulation/seeded/random.ts';
import { VirtualClock } from '../simulation/seeded/virtual-clock.ts';

const CALM: WorldFaults = {
  unreadable: 0,
  failClean: 0,
  tear: 0,
  loseAnswer: 0,
  lie: 0,
  hang: 0,
  breakForGood: 0,
  noise: 0,
  heals: true,
};

/** A world without accidents and a clock moved by hand, for scenarios about people. */
export class CalmShop {
  readonly random = new Random(42);
  readonly clock = new VirtualClock();
  readonly hosts: Hosts;
  readonly store: FaultyStore;
  readonly notices: RunNotice[] = [];
  /** Replaces parts of the world of the next daemon. */
  change: (world: RunWorld) => Partial<RunWorld> = () => ({});
  /** What travels with a state, as its plans are told. */
  relatedTo: (state: string) => readonly string[] = () => [];
  daemon: Rollbacks;
  readonly #faults: WorldFaults;

  constructor(faults: Partial<WorldFaults> = {}) {
    const { random } = this;
    this.hosts = new Hosts(random);
    for (const state of this.hosts.states) {
      Object.assign(state, { traits: { atomic: 'all', idempotent: true, confirm: 'none' } });
    }
    this.store = new FaultyStore(random, () => undefined);
    this.#faults = { ...CALM, ...faults };
    this.daemon = this.boot();
  }

  /** Another process in place of this one. */
  boot(held = false): Rollbacks {
    const { clock, random, hosts } = this;
    const nothing = (): void => undefined;
    const watching = {
      applying: nothing,
      changed: nothing,
      overwrote: nothing,
      pausing: nothing,
      sampled: nothing,
    };
    const man = new SeededDeadMan(hosts, clock, random);
    const faults = this.#faults;
    const world = faultyWorld({ hosts, clock, random, faults, witness: watching, man });
    const calm: RunWorld = {
      ...world,
      writers: () => [],
      notify: (notice) => void this.notices.push(notice),
      ...this.change(world),
    };
    this.daemon = new Rollbacks({
      world: () => calm,
      store: this.store.forProcess(() => true),
      clock: clock.forProcess(() => true),
      log: silentLog,
      random: (length) => random.bytes(length),
      judge: judgeGate,
      held,
    });
    return this.daemon;
  }

  /** The plan from what is there now to what each state's target is. */
  plan(more: Partial<PlanInput> = {}, content: Partial<PlanContent> = {}): Plan {
    const made = makePlan({
      target: { id: 'cp_good' as CheckpointId, status: 'good', takenAt: '' },
      direction: 'restore',
      states: this.hosts.states.map((state) => {
        const wanted = more.direction === 'undo' ? state.original : state.target;
        return {
          state: { id: state.id, component: state.component, provider: 'files' },
          capture: {
            state: state.id,
            component: state.component,
            provider: 'files',
            providerVersion: 1,
            fingerprint: fingerprintOf(wanted),
            image: this.hosts.keep(wanted),
            items: wanted.items.length,
            bytes: 0,
            unstable: false,
            compareOnly: false,
            coverage: { included: [], excluded: [] },
          },
          wanted,
          now: state.image,
          capabilities: { restorable: true, dataBearing: false, disruption: 'none' as const },
          diff: () => [],
          plan: (now, to) => proposalsOf(state, now, to),
          related: this.relatedTo(state.id),
          writers: [],
          carriesTraffic: false,
        };
      }),
      left: [],
      components: [],
      gate: { samples: 2, intervalMs: 1_000 },
      confirmTimeoutMs: 600_000,
      batches: { canary: 1, size: 'all', soakMs: 10_000, jitterMs: 2_000 },
      onSilence: 'revert',
      guards: [{ check: 'shop up', component: 'c0' }],
      ...more,
    });
    const whole = { ...unwrap(made), ...content };
    const { now } = this.clock.forProcess(() => true);
    return {
      id: 'pln_1',
      planHash: planHash(whole),
      content: whole,
      createdAt: toRfc3339(now()),
      expiresAt: toRfc3339(addMs(now(), 900_000)),
      requestedBy: 'ann',
      reason: 'the shop is sick',
    };
  }

  /** Lets time pass until an answer is there. */
  async wait<Value>(asked: Promise<Value>): Promise<Value> {
    const box: { value?: { readonly is: Value } } = {};
    void asked.then((is) => {
      box.value = { is };
    });
    await this.until(() => box.value !== undefined);
    if (box.value === undefined) throw new Error('the answer never came');
    return box.value.is;
  }

  /** Starts a run that must start. */
  async start(plan = this.plan(), requester: Requester = { by: 'ann' }): Promise<StartedRun> {
    return unwrap(await this.wait(this.daemon.startRun(plan, requester)));
  }

  /** The code a refused start gives. */
  async refusal(plan: Plan, requester: Requester = { by: 'ann' }): Promise<string | undefined> {
    return codeOf(await this.wait(this.daemon.startRun(plan, requester)));
  }

  /** Lets time pass until a run is in a state. */
  async reach(run: string, state: RunView['state']): Promise<RunView> {
    let seen = await this.see(run);
    await this.until(async () => {
      seen = await this.see(run);
      return seen.state === state || isTerminal(seen.state);
    });
    if (seen.state !== state) throw new Error(`${run} is ${seen.state}: ${seen.why ?? ''}`);
    return seen;
  }

  /** The run as it is now. */
  async see(run: string): Promise<RunView> {
    return unwrap(await this.daemon.view(run));
  }

  /** Lets time pass until something is so, at most ten thousand alarms. */
  async until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (let alarms = 0; alarms < 10_000; alarms += 1) {
      await new Promise((resolve) => void setImmediate(resolve));
      if (await isSo()) return;
      this.clock.advance();
    }
    throw new Error('it never became so');
  }

  /** Whether every state is as wanted, as before, or something else. */
  where(): 'target' | 'before' | 'mixed' {
    const isAs = (which: 'target' | 'original'): boolean =>
      this.hosts.states.every(
        (state) => fingerprintOf(state.image) === fingerprintOf(state[which]),
      );
    return isAs('target') ? 'target' : isAs('original') ? 'before' : 'mixed';
  }
}

/** The error code of a refused call; undefined when it was not refused. */
export function codeOf(result: Result<unknown>): string | undefined {
  return result.ok ? undefined : result.error.code;
}
