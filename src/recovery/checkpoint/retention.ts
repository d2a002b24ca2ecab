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
  const lastGood = lastGoodPerState(newestFirst);
  newestFirst.forEach((view, index) => {
    const why = reasonToKeep(view, index, policy, inUse, lastGood, now);
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
): string | undefined {
  if (view.pinned) return 'it is pinned';
  if (inUse.has(view.id)) return 'a run or an open incident refers to it';
  return lastGoodPerState(newestFirst).has(view.id) ? 'it is the last good one' : undefined;
}

function reasonToKeep(
  view: CheckpointView,
  index: number,
  policy: KeepPolicy,
  inUse: ReadonlySet<string>,
  lastGood: ReadonlySet<string>,
  now: TimeNs,
): string | undefined {
  if (view.pinned) return 'pinned';
  if (lastGood.has(view.id)) return 'the last good one of a component';
  if (inUse.has(view.id)) return 'a run or an open incident refers to it';
  if (index < policy.last) return `among the newest ${policy.last}`;
  const ageMs = Number(now - (parseRfc3339(view.manifest.takenAt) ?? now)) / 1e6;
  const isBefore = view.manifest.reason.kind === 'before-rollback';
  if (isBefore && ageMs < policy.undoPeriodMs) return 'needed to undo a run';
  const isGood = view.status === 'good' || view.status === 'proven';
  return isGood && ageMs < policy.withinMs ? 'good and young' : undefined;
}

function lastGoodPerState(newestFirst: readonly CheckpointView[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const keep = new Set<string>();
  for (const view of newestFirst) {
    if (view.status !== 'good' && view.status !== 'proven') continue;
    for (const { state } of view.manifest.captures) {
      if (!seen.has(state)) keep.add(view.id);
      seen.add(state);
    }
  }
  return keep;
}
