import { addMs, parseRfc3339, toUnixMs, type TimeNs } from '../../base/time.ts';
import type { Result } from '../../base/result.ts';
import type { CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import type { Component } from '../../model/component/component.ts';
import type { TimelinePage, TimelineQuery } from '../../model/record/timeline-query.ts';
import type { PlanState } from '../../recovery/plan/plan-input.ts';
import { outsideEffects, type OutsideEffects } from '../../recovery/plan/outside-effects.ts';

/** Spans looked at for one plan; a busy shop has more, and then it is told that there are more. */
const SPANS_MAX = 2_000;
/** Nobody reads of calls of last month in a plan, and segments that old are slow to read. */
const BACK_MS_MAX = 7 * 86_400_000;

/** Whom records name that is no host outside, and who may ask for records. */
export interface EffectsParts {
  readonly components: readonly Component[];
  readonly aliases: Iterable<string>;
  readonly query: (query: TimelineQuery) => Promise<Result<TimelinePage>>;
}

/** What checkpoints saw of a state from the target on, oldest first. */
export function historyOf(
  state: string,
  target: CheckpointView,
  newestFirst: readonly CheckpointView[],
): NonNullable<PlanState['history']> {
  return newestFirst
    .filter(({ manifest }) => manifest.takenAt >= target.manifest.takenAt)
    .flatMap(({ manifest }) =>
      manifest.captures
        .filter((capture) => capture.state === state && !capture.unstable)
        .map(({ fingerprint }) => ({ at: manifest.stableTo, fingerprint })),
    )
    .toReversed();
}

/**
 * What the components did outside since the target was taken, by their spans; undefined while
 * evidence cannot be asked: a plan is made without it.
 */
export async function effectsSince(
  target: CheckpointView,
  components: readonly string[],
  now: TimeNs,
  parts: EffectsParts,
): Promise<OutsideEffects | undefined> {
  const since = parseRfc3339(target.manifest.takenAt) ?? now;
  const isOld = toUnixMs(now) - toUnixMs(since) > BACK_MS_MAX;
  const page = await parts.query({
    from: isOld ? addMs(now, -BACK_MS_MAX) : since,
    to: now,
    components,
    kinds: ['span'],
    text: '"span.kind":"client"',
    limit: SPANS_MAX,
    order: 'newest',
  });
  if (!page.ok) return undefined;
  const { records, nextCursor } = page.value;
  const isCut = isOld || (nextCursor !== undefined && records.length === SPANS_MAX);
  return outsideEffects(records, insideNames(parts), isCut);
}

/** Names and addresses by which the inventory knows its own. */
function insideNames({ components, aliases }: EffectsParts): ReadonlySet<string> {
  const names = new Set([...aliases].map((alias) => alias.toLowerCase()));
  for (const { name, health } of components) {
    names.add(name.toLowerCase());
    for (const probe of health) {
      if (probe.kind === 'http') names.add(new URL(probe.url).hostname.toLowerCase());
      if (probe.kind === 'tcp') names.add(probe.address.toLowerCase());
    }
  }
  return names;
}
