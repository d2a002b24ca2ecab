import { parseRfc3339, type TimeNs } from '../../base/time.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';

/** What retention keeps. */
export interface KeepPolicy {
  /** This many newest checkpoints. */
  readonly last: number;
  /** Good ones younger than this. */
  readonly withinMs: number;
  /** The checkpoints before runs younger than this, so that they can be undone. */
  readonly undoPeriodMs: number;
}

/** Which checkpoints go and which stay, each that stays with its reason. */
export interface RetentionVerdict {
  readonly forget: readonly string[];
  readonly kept: readonly { readonly id: string; readonly why: string }[];
}

/**
 * Decides retention (recovery.md 4.2, rule 10): the last good checkpoint of every state, pinned
 * ones, those that open runs or incidents name, and P of young runs are never dropped. Pure.
 */
export function decideRetention(
  newestFirst: readonly CheckpointView[],
  policy: KeepPolicy,
  inUse: ReadonlySet<string>,
  now: TimeNs,
): RetentionVerdict {
  const forget: string[] = [];
  const kept: { id: string; why: string }[] = [];
  const lastGoodIds = lastGood(newestFirst);
  newestFirst.forEach((view, index) => {
    const why = reasonToKeep(view, index, policy, inUse, lastGoodIds, now);
    if (why === undefined) forget.push(view.id);
    else kept.push({ id: view.id, why });
  });
  return { forget, kept };
}

/** Why a checkpoint may not even be forgotten by name; undefined when it may. */
export function mustStay(
  view: CheckpointView,
  newestFirst: readonly CheckpointView[],
  inUse: ReadonlySet<string>,
  policy: Pick<KeepPolicy, 'undoPeriodMs'>,
  now: TimeNs,
): string | undefined {
  if (view.pinned) return 'it is pinned';
  if (isForUndo(view, policy, now))
    return 'it was taken before a rollback and is kept for the undo period';
  if (inUse.has(view.id)) return 'a run or an open incident refers to it';
  return lastGood(newestFirst).has(view.id) ? 'it is the last good one' : undefined;
}

function reasonToKeep(
  view: CheckpointView,
  index: number,
  policy: KeepPolicy,
  inUse: ReadonlySet<string>,
  lastGoodIds: ReadonlySet<string>,
  now: TimeNs,
): string | undefined {
  if (view.pinned) return 'pinned';
  if (lastGoodIds.has(view.id)) return 'the last good one of a component';
  if (inUse.has(view.id)) return 'a run or an open incident refers to it';
  if (index < policy.last) return `among the newest ${policy.last}`;
  if (isForUndo(view, policy, now)) return 'needed to undo a run';
  return isGood(view) && ageMs(view, now) < policy.withinMs ? 'good and young' : undefined;
}

/** P of a run that is younger than the undo period. */
function isForUndo(
  view: CheckpointView,
  { undoPeriodMs }: Pick<KeepPolicy, 'undoPeriodMs'>,
  now: TimeNs,
): boolean {
  return view.manifest.reason.kind === 'before-rollback' && ageMs(view, now) < undoPeriodMs;
}

function ageMs({ manifest }: CheckpointView, now: TimeNs): number {
  return Number(now - (parseRfc3339(manifest.takenAt) ?? now)) / 1e6;
}

function isGood({ status }: CheckpointView): boolean {
  return status === 'good' || status === 'proven';
}

/**
 * The newest good checkpoint of every state, and of every set of states: parts that were each good
 * by themselves are a new set, which nobody has seen together.
 */
function lastGood(newestFirst: readonly CheckpointView[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const keep = new Set<string>();
  for (const view of newestFirst) {
    if (!isGood(view)) continue;
    const states = view.manifest.captures
      .filter(({ compareOnly }) => !compareOnly)
      .map(({ state }) => state)
      .toSorted();
    for (const key of [...states, states.join(' ')]) {
      if (key !== '' && !seen.has(key)) keep.add(view.id);
      seen.add(key);
    }
  }
  return keep;
}
