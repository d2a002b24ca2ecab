import { canonicalJson } from '../../base/canonical-json.ts';
import { toHex } from '../../base/bytes.ts';
import { sha256 } from '../../base/hash.ts';
import { sortableId, type RandomBytes } from '../../base/id.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { addMs, parseRfc3339, toRfc3339, toSecond, toUnixMs } from '../../base/time.ts';
import { fingerprintOf } from '../../model/checkpoint/capture.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Plan } from '../../model/run/plan.ts';
import { PLAN_VALID_MS } from '../../model/run/plan-time.ts';
import type { RunWorld } from '../../model/run/run-world.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { encodeEntry, journalStream } from './journal-codec.ts';
import { beginRecord, type RunRecord } from './step/record.ts';
import { ACT_DEADLINE_MS } from './step/limits.ts';

/** Who asks for a run, with the second word where it was given already. */
export interface Requester {
  readonly by: string;
  /** Who approves exactly this plan; somebody else than who made it. */
  readonly approvedBy?: string;
  /** Replaces a missing second word in an emergency: the reason, for everybody to read. */
  readonly breakGlass?: string;
}

/** What `apply` answers. */
export interface StartedRun {
  readonly run: string;
  /** Shown once; whoever has it may confirm. */
  readonly token: string;
  /**
   * Until then at least it can be confirmed, RFC 3339; `RunView.deadline` says it exactly. Null
   * while it waits for the second word: it counts from after that.
   */
  readonly deadline: string | null;
  /** So long it can be confirmed, counted from before its first change. */
  readonly confirmTimeoutMs: number;
}

/** A run about to be journaled. */
interface PlannedRun {
  readonly record: RunRecord;
  readonly started: StartedRun;
  /** Looks once more that the plan is not stale, then makes the run durable. */
  journal(world: RunWorld, store: ControlStore, states: readonly string[]): Promise<Result<number>>;
}

/** 256 bits: a token that cannot be guessed in the life of a run. */
const TOKEN_BYTES = 32;

/** What can be refused without looking at the world. */
export function checkStart(
  plan: Plan,
  requester: Requester,
  isHeld: boolean,
  clock: Clock,
): Result<void> {
  if (isHeld) return err(lgError('LG_ROLLBACK_HOLD', `plan ${plan.id} was not begun`));
  if (sha256(canonicalJson(plan.content)) !== plan.planHash) {
    const detail = `plan ${plan.id} is not what its hash ${plan.planHash} says`;
    return err(lgError('LG_ROLLBACK_PLAN_STALE', detail));
  }
  const expires = parseRfc3339(plan.expiresAt);
  if (expires === undefined || clock.now() >= expires) {
    const detail = `plan ${plan.id} was good until ${toSecond(plan.expiresAt)}`;
    return err(lgError('LG_ROLLBACK_PLAN_EXPIRED', detail));
  }
  if (plan.content.steps.length === 0) {
    return err(lgError('LG_ROLLBACK_PLAN_EMPTY', `plan ${plan.id} has no steps`));
  }
  if (plan.content.approval !== undefined && requester.approvedBy === plan.requestedBy) {
    const detail = `${plan.requestedBy} asked for plan ${plan.id} and cannot be its second word`;
    return err(lgError('LG_ROLLBACK_APPROVAL_NEEDED', detail));
  }
  return ok(undefined);
}

/** Makes the first entry of a run's journal, and its token. */
export function planRun(
  plan: Plan,
  requester: Requester,
  clock: Clock,
  random: RandomBytes,
): PlannedRun {
  const now = clock.now();
  const token = toHex(random(TOKEN_BYTES));
  const run = sortableId('run', toUnixMs(now), random);
  const { by, approvedBy, breakGlass } = requester;
  const entry = {
    kind: 'planned',
    at: toRfc3339(now),
    run,
    plan,
    requestedBy: by,
    tokenHash: sha256(token),
    expires: { set: instantOf(clock), afterMs: PLAN_VALID_MS },
    ...(approvedBy === undefined ? {} : { approvedBy }),
    ...(breakGlass === undefined ? {} : { breakGlass }),
  } as const;
  const { confirmTimeoutMs } = plan.content;
  const record = beginRecord(entry);
  const hasWord = record.phase !== 'AWAITING_APPROVAL';
  const deadline = hasWord ? toRfc3339(addMs(now, confirmTimeoutMs)) : null;
  return {
    record,
    started: { run, token, deadline, confirmTimeoutMs },
    async journal(world, store, states) {
      const stale = await findStale(plan, world, states);
      if (!stale.ok) return stale;
      return store.append(journalStream(run), 0, [encodeEntry(entry)]);
    },
  };
}

/** Refuses a stale plan before there is a run; the run looks again under its locks. */
async function findStale(
  plan: Plan,
  world: RunWorld,
  states: readonly string[],
): Promise<Result<void>> {
  for (const state of states) {
    const image = await world.observe(state, ACT_DEADLINE_MS.observe);
    if (!image.ok) return image;
    if (fingerprintOf(image.value) === plan.content.observed[state]) continue;
    const detail = `${state} was changed since plan ${plan.id} was made`;
    return err(lgError('LG_ROLLBACK_PLAN_STALE', detail));
  }
  return ok(undefined);
}
