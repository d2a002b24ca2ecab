import { fingerprintOf, type StateImage } from '../../../src/model/checkpoint/capture.ts';
import type { CheckpointId } from '../../../src/model/checkpoint/checkpoint.ts';
import type { Result } from '../../../src/base/result.ts';
import { addMs, toRfc3339, type TimeNs } from '../../../src/base/time.ts';
import type { GuardName, Plan, PlanContent } from '../../../src/model/run/plan.ts';
import { makePlan, planHash } from '../../../src/recovery/plan/make-plan.ts';
import type { BatchSettings, PlanState } from '../../../src/recovery/plan/plan-input.ts';
import { proposalsOf } from './faulty-world.ts';
import type { Hosts, HostState } from './hosts.ts';
import type { Random } from './random.ts';

/** Where a plan leads: the run that it takes back, if any, and what was red before that. */
export interface WayBack {
  readonly checkpoint: string;
  readonly redBefore: readonly GuardName[];
}

/** A random plan for everything on the hosts, as the real planner makes it. */
export function simulatedPlan(hosts: Hosts, random: Random, back?: WayBack): PlanContent {
  const [first] = hosts.states;
  const taken = back === undefined ? undefined : hosts.taken.get(back.checkpoint);
  const states = hosts.states.flatMap((state) => {
    const wanted = taken === undefined ? state.target : taken.get(state.id);
    return wanted === undefined ? [] : [planState(state, wanted, hosts)];
  });
  const guards = hosts.states.map(({ component }) => ({
    check: `${component} up`,
    component,
  }));
  const goals = [{ check: 'trigger errors', component: first?.component ?? '' }];
  const confirmTimeoutMs = random.pick([30_000, 120_000, 600_000]);
  const [samples, intervalMs] = [random.between(1, 3), random.pick([0, 500, 2_000])];
  const onSilence = random.pick(['revert', 'keep-if-healed'] as const);
  const hasGoals = random.chance(0.7);
  const planWith = (batches: BatchSettings): Result<PlanContent> =>
    makePlan({
      target: {
        id: (back?.checkpoint ?? 'cp_target') as CheckpointId,
        status: 'good',
        takenAt: '',
      },
      direction: back === undefined ? 'restore' : 'undo',
      states,
      left: [],
      components: [],
      gate: { samples, intervalMs },
      confirmTimeoutMs,
      batches,
      onSilence,
      guards,
      ...(hasGoals && back === undefined ? { goals } : {}),
      ...(back === undefined ? {} : { redBefore: back.redBefore }),
    });
  const batched = planWith(batchesIn(random));
  // A deadline that cannot hold them is refused; such a run is made of one batch.
  const made = isTooLong(batched) ? planWith(AT_ONCE) : batched;
  if (!made.ok) throw made.error;
  return made.value;
}

/** A plan as somebody asked for it. */
export function askedPlan(id: string, content: PlanContent, now: TimeNs): Plan {
  return {
    id,
    planHash: planHash(content),
    content,
    createdAt: toRfc3339(now),
    expiresAt: toRfc3339(addMs(now, 900_000)),
    requestedBy: 'ann',
    reason: 'simulated',
  };
}

const AT_ONCE: BatchSettings = { canary: 0, size: 'all', soakMs: 0, jitterMs: 0 };

function batchesIn(random: Random): BatchSettings {
  return {
    canary: random.pick([0, 1, 1, 2]),
    size: random.pick(['all', 1, 2] as const),
    soakMs: random.pick([0, 1_000, 10_000]),
    jitterMs: random.pick([0, 2_000]),
  };
}

function isTooLong(made: Result<PlanContent>): boolean {
  return !made.ok && made.error.code === 'LG_ROLLBACK_NO_TIME';
}

function planState(state: HostState, wanted: StateImage, hosts: Hosts): PlanState {
  const { id, component, image } = state;
  return {
    state: { id, component, provider: 'files' },
    capture: {
      state: id,
      component,
      provider: 'files',
      providerVersion: 1,
      fingerprint: fingerprintOf(wanted),
      image: hosts.keep(wanted),
      items: wanted.items.length,
      bytes: 0,
      unstable: false,
      compareOnly: false,
      coverage: { included: [], excluded: [] },
    },
    wanted,
    now: image,
    capabilities: { restorable: true, dataBearing: false, disruption: 'none' },
    carriesTraffic: false,
    diff: () => [],
    plan: (now, to) => proposalsOf(state, now, to),
    related: [],
    writers: [],
  };
}
