import { parseRfc3339, type TimeNs } from '../../base/time.ts';
import type { RunView } from '../../model/run/run.ts';

/** Whom a new plan is for. */
export interface PlannedFor {
  readonly target: string;
  readonly components: readonly string[];
  readonly incident?: string | undefined;
}

/**
 * The run after which a person decides what is tried next, see property 23: the last one for the
 * same incident, or for one of the same components, went back because it did not heal, or because
 * it harmed and the same target is asked for again, and ended after `since`. A run that was
 * canceled, or that nobody confirmed, says nothing of its target: it neither bars the next one nor
 * lifts the bar.
 */
export function findNotHealed(
  newestFirst: readonly RunView[],
  { target, components, incident }: PlannedFor,
  since: TimeNs,
): string | undefined {
  const last = newestFirst.find(
    (view) =>
      (view.state === 'COMMITTED' || isInVain(view, target)) &&
      ((incident !== undefined && view.incident === incident) ||
        view.progress.some(({ component }) => components.includes(component))),
  );
  if (last?.state !== 'REVERTED') return undefined;
  const ended = parseRfc3339(last.endedAt ?? '');
  return ended !== undefined && ended >= since ? last.run : undefined;
}

function isInVain({ healed, harmed, target }: RunView, wanted: string): boolean {
  return healed === false || (harmed === true && target === wanted);
}
