import { parseRfc3339, toUnixMs, type TimeNs } from '../../base/time.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';

/**
 * How old the newest checkpoint is, in milliseconds; undefined when there is none. What a rollback
 * took for itself holds only what it touches and does not count; a clock that was set back makes
 * nothing younger than now.
 */
export function ageOfNewest(
  views: readonly Pick<CheckpointView, 'manifest'>[],
  now: TimeNs,
): number | undefined {
  const times = views
    .filter(({ manifest }) => manifest.reason.kind !== 'before-rollback')
    .flatMap(({ manifest }) => parseRfc3339(manifest.takenAt) ?? []);
  const ages = times.map((time) => Math.max(0, toUnixMs(now) - toUnixMs(time)));
  return ages.length === 0 ? undefined : Math.min(...ages);
}
