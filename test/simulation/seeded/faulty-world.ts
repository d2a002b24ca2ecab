import { err, ok, type Result } from '../../../src/base/result.ts';
import { fingerprintOf, type StateImage } from '../../../src/model/checkpoint/capture.ts';
import type { CheckpointId } from '../../../src/model/checkpoint/checkpoint.ts';
import { lgError } from '../../../src/model/errors/lg-error.ts';
import type { PlanStep } from '../../../src/model/run/plan.ts';
import type { RunWorld } from '../../../src/model/run/run-world.ts';
import type { ProbeColor, ProbeSample } from '../../../src/model/health/verdict.ts';
import { makeSteps } from '../../../src/recovery/plan/make-steps.ts';
import type { SeededDeadMan } from './dead-man.ts';
import { faultyApply } from './faulty-apply.ts';
import { faultyTimers } from './faulty-timers.ts';
import { differingPaths, type Hosts, type HostState } from './hosts.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How unreliable a world is. */
export interface WorldFaults {
  /** Probability that a read fails. */
  readonly unreadable: number;
  /** Probabilities of what an apply may do instead of its work. */
  readonly failClean: number;
  readonly tear: number;
  readonly loseAnswer: number;
  readonly lie: number;
  readonly hang: number;
  /** Probability that the work itself begins long after the caller has given up. */
  readonly late?: number;
  /** Probability that somebody else writes in the middle of a write of several items. */
  readonly meddle?: number;
  /** Probability that a state cannot be changed any more from some apply on. */
  readonly breakForGood: number;
  /** Probability that a probe says nothing, or the wrong color. */
  readonly noise: number;
  /** Whether the target heals what is sick. */
  readonly heals: boolean;
  /** The state, by its number, whose component is worse off once it is as the target wants it. */
  readonly harms?: number | undefined;
}

/** What is asked of the oracle at each change. */
export interface Witness {
  applying(state: HostState, step: PlanStep, fence: number): void;
  changed(state: HostState, step: PlanStep, before: StateImage, fence: number): void;
  /** What somebody else wrote in the middle of that is gone. */
  overwrote(state: HostState, path: string): void;
  /** A writer stands still for a run from now on. */
  pausing(run: string): void;
  /** A round of checks was answered. */
  sampled(samples: readonly ProbeSample[]): void;
}

/** What an unreliable world is made of. */
export interface FaultyGround {
  readonly hosts: Hosts;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly faults: WorldFaults;
  readonly witness: Witness;
  readonly man: SeededDeadMan;
}

/** Answers after a while, or not at all. */
type Flaky = <Value>(ms: number, value: () => Result<Value>) => Promise<Result<Value>>;

/** The world as a daemon sees it over an unreliable wire. */
export function faultyWorld(on: FaultyGround): RunWorld {
  const { hosts, clock, random, faults, man } = on;
  const flaky: Flaky = async (ms, value) => {
    await clock.sleep(random.between(1, ms));
    if (random.chance(faults.unreadable)) return err(lgError('LG_PROVIDER_TIMEOUT', 'simulated'));
    return value();
  };
  return {
    ...faultyWriters(on, flaky),
    ...faultyLooks(on, flaky),
    ...faultyChecks(on),
    fence: async (by, states) => {
      const { fence } = by;
      man.renew(by);
      const all = states.map((id) => hosts.find(id));
      for (const state of all) state.fence = Math.max(state.fence, fence);
      await Promise.all(all.map(({ busy }) => busy));
      for (const state of all) state.told = Math.max(state.told, fence);
      return ok(undefined);
    },
    planState: (id, now, to, desired) => {
      const state = hosts.find(id);
      return makeSteps({
        state: { id, component: state.component, provider: 'files' },
        now,
        to,
        desired,
        proposed: proposalsOf(state, now, to),
      });
    },
    apply: ({ fence }, step) => {
      const state = hosts.find(step.state);
      const applied = faultyApply(step, fence, on);
      state.busy = Promise.all([state.busy, applied.worked]);
      return applied.answered;
    },
    notify: () => undefined,
    deadMan: faultyTimers(hosts, clock, man, flaky),
  };
}

/** Who else writes to hosts, and stands still when he is told to. */
function faultyWriters(
  { hosts, clock, witness }: FaultyGround,
  flaky: Flaky,
): Pick<RunWorld, 'writers' | 'pause' | 'pauseLonger' | 'resume'> {
  return {
    writers: (states) =>
      states
        .filter((_, at) => at === 0)
        .map((state) => ({ state, name: 'cron', freeze: ['stop'], unfreeze: ['start'] })),
    pause: ({ run, fence }, { state }, seconds) =>
      flaky(20, () => {
        const isLate = hosts.heedTokens && fence < hosts.find(state).fence;
        if (isLate) return err(lgError('LG_PROVIDER_TOKEN_STALE', state));
        witness.pausing(run);
        return ok(hosts.pause(run, state, seconds, clock));
      }),
    pauseLonger: ({ run }, { state }, seconds) =>
      flaky(20, () => ok(hosts.pauseLonger(run, state, seconds, clock))),
    resume: (run, { state }) => flaky(20, () => ok(hosts.resume(run, state))),
  };
}

/** What only looks: at a state, at what was captured of it, and at all of them before a run. */
function faultyLooks(
  { hosts, clock }: FaultyGround,
  flaky: Flaky,
): Pick<RunWorld, 'preflight' | 'observe' | 'image' | 'takeBefore'> {
  const observe = async (id: string): Promise<Result<StateImage>> => {
    const state = hosts.find(id);
    // Calls of one state take turns: who reads waits for who writes, however long he takes.
    await state.busy;
    return flaky(50, () => {
      state.observedAt = clock.trueMs;
      return ok(state.image);
    });
  };
  return {
    observe,
    preflight: async (id, desired) => {
      const image = await observe(id);
      if (!image.ok) return image;
      const { traits } = hosts.find(id);
      const findings = hosts.lost.has(desired) ? ['its content cannot be read'] : [];
      return ok({ fingerprint: fingerprintOf(image.value), traits, findings });
    },
    image: async (hash) => {
      const image = hosts.lost.has(hash) ? undefined : hosts.blobs.get(hash);
      return image === undefined ? err(lgError('LG_CHECKPOINT_DAMAGED', hash)) : ok(image);
    },
    takeBefore: (run, states) =>
      flaky(100, () => {
        const checkpoint = `cp_before_${run}` as CheckpointId;
        hosts.take(checkpoint, states);
        const kept = states.map((id) => {
          const state = hosts.find(id);
          state.observedAt = clock.trueMs;
          const { image } = state;
          return { state: id, fingerprint: fingerprintOf(image), image: hosts.keep(image) };
        });
        return ok({ checkpoint, states: kept });
      }),
  };
}

/** Probes that tell how things are, or say nothing, or lie. */
function faultyChecks({
  hosts,
  clock,
  random,
  faults,
  witness,
}: FaultyGround): Pick<RunWorld, 'reach' | 'sample'> {
  return {
    reach: async (probes) =>
      probes.map((probe) => ({ ...probe, color: 'green' as const, seen: 'reached' })),
    sample: async (checks) => {
      await clock.sleep(random.between(1, 50));
      const isGoalMet = faults.heals && hosts.states.every(isAsWanted);
      const harmed = faults.harms === undefined ? undefined : hosts.states[faults.harms];
      const isHarmed = harmed !== undefined && isAsWanted(harmed);
      const samples = checks.map(({ check, component, role }) => {
        const isWell = role === 'guard' ? component !== harmed?.component || !isHarmed : isGoalMet;
        const truth: ProbeColor = isWell ? 'green' : 'red';
        const noise = random.pick(['green', 'red', 'unknown'] as const);
        const color = random.chance(faults.noise) ? noise : truth;
        return { check, component, color, seen: color };
      });
      witness.sampled(samples);
      return samples;
    },
  };
}

function isAsWanted({ image, target }: HostState): boolean {
  return fingerprintOf(image) === fingerprintOf(target);
}

/** The steps a state's provider would propose. */
export function proposalsOf(
  { isOneStep }: HostState,
  now: StateImage,
  to: StateImage,
): readonly { paths: readonly string[]; commands: readonly string[]; disruption: 'none' }[] {
  const paths = differingPaths(now, to);
  if (paths.length === 0) return [];
  const groups = isOneStep ? [paths] : paths.map((path) => [path]);
  return groups.map((group) => ({
    paths: group,
    commands: group.map((path) => `write ${path}`),
    disruption: 'none',
  }));
}
