import type { Unit, UnitEvent } from './units.ts';

/** In the baseline, `a` is nearly always followed by `b` as the next of its sort. */
export interface EventLink {
  readonly a: string;
  readonly b: string;
  readonly sort: 'log' | 'child';
}

/** Occurrences below which nothing is said of an event. */
const SEEN_MIN = 3;
/** In which share of the cases the same must follow. */
const USUAL_SHARE = 0.8;

/** What nearly always follows what, within units of one operation. */
export function usualLinks(units: readonly Unit[]): readonly EventLink[] {
  const followers = new Map<string, { seen: number; next: Map<string, number> }>();
  for (const unit of units) {
    for (const [at, { key }] of unit.events.entries()) {
      for (const sort of ['log', 'child'] as const) {
        const name = `${sort}\n${key}`;
        const found = followers.get(name) ?? { seen: 0, next: new Map<string, number>() };
        followers.set(name, found);
        found.seen += 1;
        const next = nextOf(unit.events, at, sort)?.key;
        if (next !== undefined) found.next.set(next, (found.next.get(next) ?? 0) + 1);
      }
    }
  }
  const links: EventLink[] = [];
  for (const [name, { seen, next }] of followers) {
    if (seen < SEEN_MIN) continue;
    const [b, count] = [...next].toSorted(([, x], [, y]) => y - x)[0] ?? ['', 0];
    const cut = name.indexOf('\n');
    const sort = name.slice(0, cut) === 'log' ? 'log' : 'child';
    if (count >= USUAL_SHARE * seen) links.push({ a: name.slice(cut + 1), b, sort });
  }
  return links;
}

/** The next event of a sort after the one at `at`. */
export function nextOf(
  events: readonly UnitEvent[],
  at: number,
  sort: UnitEvent['sort'],
): UnitEvent | undefined {
  for (let after = at + 1; after < events.length; after += 1) {
    if (events[after]?.sort === sort) return events[after];
  }
  return undefined;
}

/** Of a unit: each occurrence of `a`, and whether `b` comes anywhere after it. */
export function occurrences(
  { events }: Unit,
  { a, b }: EventLink,
): readonly { readonly at: number; readonly isFollowed: boolean }[] {
  const last = events.findLastIndex(({ key }) => key === b);
  return [...events.keys()]
    .filter((at) => events[at]?.key === a)
    .map((at) => ({ at, isFollowed: last > at }));
}
