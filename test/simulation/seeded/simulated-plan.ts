import { fingerprintOf } from '../../../src/model/checkpoint/capture.ts';
import type { CheckpointId } from '../../../src/model/checkpoint/checkpoint.ts';
import type { Result } from '../../../src/base/result.ts';
import type { PlanContent } from '../../../src/model/run/plan.ts';
import { makePlan } from '../../../src/recovery/plan/make-plan.ts';
import type { BatchSettings, PlanState } from '../../../src/recovery/plan/plan-input.ts';
import { proposalsOf } from './faulty-world.ts';
import type { Hosts, HostState } from './hosts.ts';
import type { Random } from './random.ts';

/** A random plan for everything on the hosts, as the real planner makes it. */
export function simulatedPlan(hosts: Hosts, random: Random): PlanContent {
  const [first] = hosts.states;
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
      target: { id: 'cp_target' as CheckpointId, status: 'good', takenAt: '' },
      direction: 'restore',
      states: hosts.states.map((state) => planState(state, hosts)),
      left: [],
      components: [],
      gate: { samples, intervalMs },
      confirmTimeoutMs,
      batches,
      onSilence,
      guards,
      ...(hasGoals ? { goals } : {}),
    });
  const batched = planWith(batchesIn(random));
  // A deadline that cannot hold them is refused; such a run is made of one batch.
  const made = isTooLong(batched) ? planWith(AT_ONCE) : batched;
  if (!made.ok) throw made.error;
  return made.value;
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

function planState(state: HostState, hosts: Hosts): PlanState {
  const { id, component, image, target } = state;
  return {
    state: { id, component, provider: 'files' },
    capture: {
      state: id,
      component,
      provider: 'files',
      providerVersion: 1,
      fingerprint: fingerprintOf(target),
      image: hosts.keep(target),
      items: target.items.length,
      bytes: 0,
      unstable: false,
      compareOnly: false,
      coverage: { included: [], excluded: [] },
    },
    wanted: target,
    now: image,
    capabilities: { restorable: true, dataBearing: false, disruption: 'none' },
    carriesTraffic: false,
    diff: () => [],
    plan: (now, to) => proposalsOf(state, now, to),
    related: [],
    writers: [],
  };
}
