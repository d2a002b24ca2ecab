import type { OneWayEstimate } from './one-way-edge.ts';

/** How two clocks are related: traced calls, answers of a host runner, or what NTP says of both. */
export type RelationMethod = 'span-pairs' | 'exchanges' | 'ntp';

/** What clock `b` is ahead of clock `a`. */
export interface ClockRelation {
  readonly a: string;
  readonly b: string;
  readonly offsetMs: number;
  readonly boundMs: number;
  readonly drift: number;
  /** Since when without a step. */
  readonly sinceMs: number;
  readonly method: RelationMethod;
  readonly doubtSinceMs?: number;
}

/** What one way says of a clock. */
export interface HeardClock extends OneWayEstimate {
  readonly clock: string;
  readonly sinceMs: number;
}

/** How a clock was related to ours. */
export type ClockMethod = RelationMethod | 'one-way' | 'whole-seconds' | 'zone' | 'inconsistent';

/** What a clock is ahead of ours. */
export interface ClockEstimate {
  readonly clock: string;
  readonly offsetMs: number;
  /** The truth lies within; infinite when nothing relates the clock to ours. */
  readonly boundMs: number;
  readonly drift: number;
  readonly sinceMs: number;
  readonly method: ClockMethod;
  /** Whether records are to be corrected by it: the offset is more than it may be wrong by. */
  readonly corrects: boolean;
  /** Since when a step is suspected: the bound holds both, and what was known before stays. */
  readonly doubtSinceMs?: number;
  /** The clocks over which it was related, from the anchor to this one. */
  readonly path: readonly string[];
}

/** A clock as reached from the anchor of its group. */
interface Reached {
  readonly clock: string;
  readonly offsetMs: number;
  readonly boundMs: number;
  readonly drift: number;
  readonly sinceMs: number;
  readonly doubtSinceMs?: number;
  readonly path: readonly string[];
  /** The relation on the path with the widest bound, which is most of what may be wrong. */
  readonly widest: Pick<ClockRelation, 'boundMs' | 'method'>;
}

/**
 * Relates clocks to the reference by the relations with the smallest bounds. Clocks that only know
 * each other are a group: it is anchored at the clock that agrees best with the reference, as far
 * as one way tells, and the others are corrected towards that one. Where relations around a circle
 * contradict each other, the clocks of the contradiction are left alone.
 */
export function relateClocks(
  reference: string,
  relations: readonly ClockRelation[],
  heard: readonly HeardClock[],
): readonly ClockEstimate[] {
  const neighbors = neighborsOf(relations);
  const ways = new Map(heard.map((one) => [one.clock, one]));
  const found = new Map<string, ClockEstimate>();
  const place = (anchor: string, anchored: Anchored): void => {
    const group = reach(anchor, neighbors);
    const torn = contradicted(group, relations);
    for (const one of group.values()) {
      if (one.clock === reference) continue;
      found.set(one.clock, estimateOf(one, anchored, torn.has(one.clock)));
    }
  };
  place(reference, { offsetMs: 0, boundMs: 0, sinceMs: Number.NEGATIVE_INFINITY });
  const best = heard.toSorted((a, b) => Math.abs(a.offsetMs) - Math.abs(b.offsetMs));
  for (const { clock } of best) {
    if (clock === reference || found.has(clock) || !neighbors.has(clock)) continue;
    place(clock, anchorOf(reach(clock, neighbors), ways));
  }
  // Of files nobody saw anything arrive: who is related to nobody else's clock is so to each other.
  if (heard.length === 0) {
    for (const clock of byRelations(neighbors)) {
      if (!found.has(clock) && clock !== reference) place(clock, UNBOUNDED);
    }
  }
  for (const one of heard) {
    if (one.clock === reference || found.has(one.clock)) continue;
    found.set(one.clock, heardAlone(one));
  }
  return [...found.values()].toSorted((a, b) => (a.clock < b.clock ? -1 : 1));
}

/** Nothing tells how the anchor of a group stands to ours: it is left where it is. */
const UNBOUNDED: Anchored = { offsetMs: 0, boundMs: Infinity, sinceMs: -Infinity };

/** The clocks, those with the most relations first. */
function byRelations(neighbors: Neighbors): readonly string[] {
  const sorted = [...neighbors].toSorted(
    ([a, ofA], [b, ofB]) => ofB.length - ofA.length || (a < b ? -1 : 1),
  );
  return sorted.map(([clock]) => clock);
}

/** How the anchor of a group stands to the reference. */
interface Anchored {
  readonly offsetMs: number;
  readonly boundMs: number;
  readonly sinceMs: number;
  readonly doubtSinceMs?: number;
  readonly isZone?: boolean;
  readonly isWhole?: boolean;
}

function heardAlone(one: HeardClock): ClockEstimate {
  const { clock, offsetMs, boundMs, sinceMs } = one;
  return {
    clock,
    offsetMs,
    boundMs,
    drift: 0,
    sinceMs,
    method: heardHow(one),
    corrects: Math.abs(offsetMs) > boundMs,
    ...doubtOf(one),
    path: [clock],
  };
}

function estimateOf(one: Reached, anchored: Anchored, isTorn: boolean): ClockEstimate {
  const offsetMs = anchored.offsetMs + one.offsetMs;
  // An anchor that agrees with ours is taken as right: then only the relation can be wrong.
  const doubt = one.boundMs + (anchored.offsetMs === 0 ? 0 : anchored.boundMs);
  const { clock, drift, path } = one;
  return {
    clock,
    offsetMs,
    boundMs: one.boundMs + anchored.boundMs,
    drift,
    sinceMs: Math.max(one.sinceMs, anchored.sinceMs),
    method: isTorn ? 'inconsistent' : methodOf(one, anchored),
    corrects: !isTorn && Math.abs(offsetMs) > doubt,
    ...doubtOf(one, anchored),
    path,
  };
}

/** The earliest of the doubts about the parts of an estimate. */
function doubtOf(...parts: readonly { readonly doubtSinceMs?: number }[]): {
  readonly doubtSinceMs?: number;
} {
  const all = parts.flatMap(({ doubtSinceMs }) => doubtSinceMs ?? []);
  return all.length === 0 ? {} : { doubtSinceMs: Math.min(...all) };
}

function methodOf({ path, widest }: Reached, anchored: Anchored): ClockMethod {
  if (path.length > 1) return widest.method;
  return heardHow(anchored);
}

function heardHow({ isZone, isWhole }: Pick<Anchored, 'isZone' | 'isWhole'>): ClockMethod {
  if (isZone === true) return 'zone';
  return isWhole === true ? 'whole-seconds' : 'one-way';
}

/** Every clock of a group bounds its anchor from below: the greatest bound is the nearest. */
function anchorOf(
  group: ReadonlyMap<string, Reached>,
  ways: ReadonlyMap<string, HeardClock>,
): Anchored {
  let best: Anchored | undefined;
  for (const { clock, offsetMs, boundMs } of group.values()) {
    const way = ways.get(clock);
    if (way === undefined) continue;
    const anchor = { ...way, offsetMs: way.offsetMs - offsetMs, boundMs: way.boundMs + boundMs };
    if (best === undefined || anchor.offsetMs > best.offsetMs) best = anchor;
  }
  if (best === undefined) return UNBOUNDED;
  return Math.abs(best.offsetMs) <= best.boundMs ? { ...best, offsetMs: 0 } : best;
}

type Neighbors = ReadonlyMap<string, readonly (ClockRelation & { readonly to: string })[]>;

function neighborsOf(relations: readonly ClockRelation[]): Neighbors {
  const neighbors = new Map<string, (ClockRelation & { readonly to: string })[]>();
  const add = (from: string, to: string, relation: ClockRelation): void => {
    const list = neighbors.get(from) ?? [];
    list.push({ ...relation, to });
    neighbors.set(from, list);
  };
  for (const relation of relations) {
    const { a, b, offsetMs, drift } = relation;
    add(a, b, relation);
    add(b, a, { ...relation, offsetMs: -offsetMs, drift: -drift });
  }
  return neighbors;
}

/** Everything that relations lead to, each over the path with the smallest bound (Dijkstra). */
function reach(anchor: string, neighbors: Neighbors): ReadonlyMap<string, Reached> {
  const done = new Map<string, Reached>();
  const widest = { boundMs: 0, method: 'span-pairs' } as const;
  const start = { offsetMs: 0, boundMs: 0, drift: 0, sinceMs: -Infinity, widest };
  const open = new Map<string, Reached>([[anchor, { clock: anchor, ...start, path: [anchor] }]]);
  for (;;) {
    let next: Reached | undefined;
    for (const one of open.values())
      if (next === undefined || one.boundMs < next.boundMs) next = one;
    if (next === undefined) return done;
    open.delete(next.clock);
    done.set(next.clock, next);
    for (const way of neighbors.get(next.clock) ?? []) {
      if (done.has(way.to)) continue;
      const boundMs = next.boundMs + way.boundMs;
      if ((open.get(way.to)?.boundMs ?? Infinity) <= boundMs) continue;
      open.set(way.to, {
        clock: way.to,
        offsetMs: next.offsetMs + way.offsetMs,
        boundMs,
        drift: next.drift + way.drift,
        sinceMs: Math.max(next.sinceMs, way.sinceMs),
        ...doubtOf(next, way),
        path: [...next.path, way.to],
        widest: way.boundMs >= next.widest.boundMs ? way : next.widest,
      });
    }
  }
}

/** The clocks at both ends of a relation that says something else than the path to them. */
function contradicted(
  group: ReadonlyMap<string, Reached>,
  relations: readonly ClockRelation[],
): ReadonlySet<string> {
  const torn = new Set<string>();
  for (const { a, b, offsetMs, boundMs } of relations) {
    const [one, two] = [group.get(a), group.get(b)];
    if (one === undefined || two === undefined) continue;
    const rest = Math.abs(two.offsetMs - one.offsetMs - offsetMs);
    if (rest <= one.boundMs + two.boundMs + boundMs) continue;
    for (const end of [one, two]) if (end.path.length > 1) torn.add(end.clock);
  }
  return torn;
}
