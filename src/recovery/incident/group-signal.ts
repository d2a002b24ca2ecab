import type { Signal } from '../../model/incident/signal.ts';
import type { IncidentStory } from './fold-incident.ts';

/** A call or dependency between two components. */
export interface Link {
  readonly from: string;
  readonly to: string;
}

/** What becomes of a signal. */
export type Grouping =
  /** It opens an incident of its own. */
  | { readonly kind: 'open' }
  /** It belongs to an open one, as a new entry. */
  | { readonly kind: 'join'; readonly incident: string; readonly why: string }
  /** It changes nothing. */
  | { readonly kind: 'drop'; readonly why: string };

/**
 * Trouble travels along calls: two steps reach from a front to what its back end stands on. More
 * would join all that share one database.
 */
const STEPS_MAX = 2;

/** New trouble next to an incident that has been quiet for this long is another incident. */
const QUIET_MS_MAX = 600_000;

/**
 * Finds the open incident that a signal belongs to: one of the same component, else the one whose
 * components are nearest by calls or dependencies. A clearing goes to the incident that holds the
 * raise. Deterministic: of equals the oldest incident takes it.
 */
export function groupSignal(
  signal: Signal,
  stories: readonly IncidentStory[],
  links: readonly Link[],
): Grouping {
  const open = stories
    .filter(({ incident }) => incident.state !== 'closed')
    .toSorted((a, b) => (a.incident.openedAt < b.incident.openedAt ? -1 : 1));
  const holder = open.find(({ incident }) => holdsRaised(incident.signals, signal));
  if (signal.phase === 'cleared') {
    if (holder === undefined) return { kind: 'drop', why: 'no open incident knows its raise' };
    return { kind: 'join', incident: holder.incident.id, why: 'it clears one of its signals' };
  }
  if (holder !== undefined) {
    return { kind: 'drop', why: `incident ${holder.incident.id} knows already that it fires` };
  }
  const nearest = nearestOf(signal, open, links);
  if (nearest !== undefined) return nearest;
  if (!signal.actions.includes('incident')) {
    return { kind: 'drop', why: `trigger ${signal.trigger} opens no incidents` };
  }
  return { kind: 'open' };
}

function holdsRaised(signals: readonly Signal[], signal: Signal): boolean {
  return signals.some(
    (one) =>
      one.phase === 'raised' &&
      one.trigger === signal.trigger &&
      one.component === signal.component,
  );
}

function nearestOf(
  signal: Signal,
  open: readonly IncidentStory[],
  links: readonly Link[],
): Grouping | undefined {
  let border: readonly string[] = [signal.component];
  const reached = new Set(border);
  for (let steps = 0; steps <= STEPS_MAX; steps += 1) {
    const near = open.find(
      (story) =>
        story.incident.components.some((component) => border.includes(component)) &&
        (steps === 0 || isLive(story, signal)),
    );
    if (near !== undefined) {
      const why =
        steps === 0
          ? `it is about ${signal.component} too`
          : `${signal.component} is ${steps} step${steps === 1 ? '' : 's'} from it by calls`;
      return { kind: 'join', incident: near.incident.id, why };
    }
    border = neighborsOf(border, links).filter((name) => !reached.has(name));
    for (const name of border) reached.add(name);
  }
  return undefined;
}

/** Whether an incident still fires, or did so shortly before the signal. */
function isLive(story: IncidentStory, signal: Signal): boolean {
  if (story.quietSince === undefined) return true;
  return Date.parse(signal.at) - Date.parse(story.quietSince) <= QUIET_MS_MAX;
}

function neighborsOf(border: readonly string[], links: readonly Link[]): readonly string[] {
  const found = links.flatMap(({ from, to }) => [
    ...(border.includes(from) ? [to] : []),
    ...(border.includes(to) ? [from] : []),
  ]);
  return [...new Set(found)];
}
