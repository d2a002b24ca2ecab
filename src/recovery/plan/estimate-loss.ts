import { fingerprintOf } from '../../model/checkpoint/capture.ts';
import { sameItem } from '../../model/checkpoint/same-item.ts';
import type { StateLoss } from '../../model/run/plan.ts';
import type { PlanState } from './plan-input.ts';

/**
 * What of the present state going back would remove or overwrite; undefined when nothing of it is
 * lost. How old the newest of it is, and how many versions are gone back over, is known as well as
 * checkpoints since the target tell: what came and went between two of them was never seen. Pure.
 */
export function estimateLoss({
  state,
  now,
  wanted,
  history = [],
}: Pick<PlanState, 'state' | 'now' | 'wanted' | 'history'>): StateLoss | undefined {
  const kept = new Map(wanted.items.map((item) => [item.path, item]));
  let removed = 0;
  let overwritten = 0;
  let bytes = 0;
  for (const item of now.items) {
    const next = kept.get(item.path);
    if (sameItem(item, next)) continue;
    if (next === undefined) removed += 1;
    else overwritten += 1;
    bytes += item.size ?? 0;
  }
  if (removed + overwritten === 0) return undefined;
  const present = fingerprintOf(now);
  const last = history.findLastIndex(({ fingerprint }) => fingerprint !== present);
  const [after, by] = [history[last]?.at, history[last + 1]?.at];
  return {
    state: state.id,
    removed,
    overwritten,
    bytes,
    versions: versionsSince(history, fingerprintOf(wanted), present),
    ...(after === undefined ? {} : { changedAfter: after }),
    ...(by === undefined || after === undefined ? {} : { changedBy: by }),
  };
}

/** How often it changed from the target's version to the present one, as far as it was seen. */
function versionsSince(
  history: NonNullable<PlanState['history']>,
  from: string,
  to: string,
): number {
  const seen = [from, ...history.map(({ fingerprint }) => fingerprint), to];
  return seen.filter((fingerprint, at) => at > 0 && fingerprint !== seen[at - 1]).length;
}
