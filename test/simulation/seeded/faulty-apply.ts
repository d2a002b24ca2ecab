import { err, ok, type Result } from '../../../src/base/result.ts';
import { stateImage, type StateImage } from '../../../src/model/checkpoint/capture.ts';
import { lgError } from '../../../src/model/errors/lg-error.ts';
import type { PlanStep } from '../../../src/model/run/plan.ts';
import type { ApplyOutcome } from '../../../src/model/run/run-world.ts';
import { mergeItems } from '../../../src/recovery/plan/merge-items.ts';
import type { Witness, WorldFaults } from './faulty-world.ts';
import { differingPaths, type Hosts, type HostState } from './hosts.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What an apply meets. */
interface ApplyWorld {
  readonly hosts: Hosts;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly faults: WorldFaults;
  readonly witness: Witness;
}

/** The work happens at one instant on the host, whether or not somebody still waits for it. */
export function faultyApply(
  step: PlanStep,
  fence: number,
  on: ApplyWorld,
): { readonly worked: Promise<unknown>; readonly answered: Promise<Result<ApplyOutcome>> } {
  const { hosts, clock, random, faults, witness } = on;
  const state = hosts.find(step.state);
  witness.applying(state, step, fence);
  const isLate = faults.late !== undefined && random.chance(faults.late);
  const ms = isLate ? random.between(200_000, 900_000) : random.between(0, 2_000);
  const { boots } = hosts;
  const worked = clock.sleep(ms).then(() => {
    if (hosts.boots !== boots) return err(lgError('LG_RUNTIME_HOST_DOWN', 'it was restarted'));
    if (hosts.heedTokens && fence < state.fence)
      return err(lgError('LG_PROVIDER_TOKEN_STALE', step.state));
    state.fence = fence;
    return ok(work(state, step, fence, on));
  });
  const answered = worked.then(async (outcome) => {
    await clock.sleep(random.chance(faults.hang) ? 1_000_000 : random.between(1, 3_000));
    return outcome;
  });
  return { worked, answered };
}

function work(state: HostState, step: PlanStep, fence: number, on: ApplyWorld): ApplyOutcome {
  const { hosts, random, faults, witness } = on;
  if (random.chance(faults.breakForGood)) state.broken = true;
  if (state.broken || random.chance(faults.failClean)) {
    return { kind: 'failed-clean', why: 'simulated' };
  }
  if (random.chance(faults.lie)) return { kind: 'done' };
  const desired = hosts.lost.has(step.desired) ? undefined : hosts.blobs.get(step.desired);
  if (desired === undefined) return { kind: 'failed-clean', why: 'its content is lost' };
  const isTorn = state.traits.atomic !== 'all' && random.chance(faults.tear);
  const paths = isTorn ? step.paths.slice(0, Math.floor(step.paths.length / 2)) : step.paths;
  const before = state.image;
  const isMet = state.traits.atomic === 'per-item' && step.paths.length > 1;
  if (isMet && faults.meddle !== undefined && random.chance(faults.meddle)) {
    return meddled(state, step, desired, fence, on);
  }
  state.image = mergeItems(before, desired, paths);
  if (isTorn && state.traits.atomic === 'none') {
    const path = step.paths.at(-1) ?? 'a';
    const half = { path, attributes: { text: `half ${random.between(0, 1e9)}` } };
    state.image = mergeItems(state.image, stateImage([half]), [path]);
  }
  hosts.mutations += 1;
  witness.changed(state, step, before, fence);
  if (isTorn || random.chance(faults.loseAnswer)) return { kind: 'unknown', why: 'simulated' };
  return { kind: 'done' };
}

/**
 * Somebody else writes an item while others of the step are being written. Whoever writes looks at
 * each item right before its turn, and stops where it is not as it was.
 */
function meddled(
  state: HostState,
  { paths, ...step }: PlanStep,
  desired: StateImage,
  fence: number,
  { hosts, clock, random, witness }: ApplyWorld,
): ApplyOutcome {
  const before = state.image;
  const done = random.between(1, paths.length - 1);
  const victim = random.between(0, paths.length - 1);
  const path = paths[victim] ?? '';
  state.image = mergeItems(before, desired, paths.slice(0, done));
  hosts.disturb(state, random, clock.trueMs, path);
  const theirs = state.image;
  const isMet = victim >= done && hosts.lookAtItems;
  const rest = paths.slice(done, isMet ? victim : paths.length);
  state.image = mergeItems(theirs, desired, rest);
  hosts.mutations += 1;
  // What they wrote meanwhile was there before whatever of ours came after it.
  witness.changed(state, { ...step, paths }, mergeItems(before, theirs, [path]), fence);
  if (differingPaths(theirs, state.image).includes(path)) witness.overwrote(state, path);
  return isMet
    ? { kind: 'unknown', why: `${path} was changed by somebody else` }
    : { kind: 'done' };
}
