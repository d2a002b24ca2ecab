import { parseRfc3339, toUnixMs, type TimeNs } from '../../base/time.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';

/**
 * The states that no good checkpoint younger than a limit holds, although checkpoints were taken of
 * them for that long: whoever collects and never finds one good must hear of it before he needs it.
 * What is only compared has none to miss. Pure.
 */
export function withoutYoungGood(
  views: readonly CheckpointView[],
  states: readonly string[],
  limitMs: number,
  now: TimeNs,
): readonly string[] {
  return states.filter((state) => {
    const holding = views.filter(({ manifest }) =>
      manifest.captures.some((capture) => capture.state === state && !capture.compareOnly),
    );
    const isOld = (view: CheckpointView): boolean => ageMs(view, now) >= limitMs;
    return holding.some(isOld) && !holding.some((view) => isGood(view) && !isOld(view));
  });
}

function isGood({ status }: CheckpointView): boolean {
  return status === 'good' || status === 'proven';
}

function ageMs({ manifest }: CheckpointView, now: TimeNs): number {
  const taken = parseRfc3339(manifest.takenAt) ?? now;
  return toUnixMs(now) - toUnixMs(taken);
}
