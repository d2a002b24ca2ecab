import type { DirectRelation } from '../clock-pairs.ts';
import { ClockEdge, type EdgeStep } from './clock-edge.ts';
import { OneWayEdge } from './one-way-edge.ts';
import {
  relateClocks,
  type ClockEstimate,
  type ClockRelation,
  type RelationMethod,
} from './relate-clocks.ts';

/** Clocks of a large installation; those beyond are counted and left raw. */
const CLOCKS_MAX = 2_000;

/** A relation has a kilobyte and takes a tenth of a millisecond every ten seconds. */
const EDGES_MAX = 1_000;

/** A clock that was not heard of for so long makes room when room is needed. */
const FORGET_AFTER_MS = 24 * 3_600_000;

/** A step of a clock, told once. */
export interface ClockStep extends EdgeStep {
  /** The clock that moved; of two that are related, the one that others do not move with. */
  readonly clock: string;
}

/** How clocks are related to each other and to ours, the reference. */
export class ClockGraph {
  readonly #reference: string;
  readonly #still: ReadonlySet<string>;
  readonly #edges = new Map<string, Related>();
  readonly #oneWays = new Map<string, OneWayEdge>();
  readonly #offsets = new Map<string, number>();
  #leftOut = 0;

  /** `steady`: what never moves, true time. */
  constructor(reference: string, steady?: string) {
    this.#reference = reference;
    this.#still = new Set([reference, ...(steady === undefined ? [] : [steady])]);
  }

  /** Relations for which there was no room. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /**
   * Takes what one exchange says: clock `b` was ahead of clock `a` by at least `low` and at most
   * `high` milliseconds when `a` showed `rawMs`. `observedMs` is when we heard of it.
   */
  relate(
    a: string,
    b: string,
    rawMs: number,
    observedMs: number,
    low: number,
    high: number,
    method: RelationMethod = 'span-pairs',
  ): ClockStep | undefined {
    if (a === b || !(low <= high)) return undefined;
    const isTurned = a > b;
    const related = this.#related(isTurned ? b : a, isTurned ? a : b, observedMs);
    if (related === undefined) return undefined;
    // Once told by the surer way it stays so: both tighten the same bounds.
    if (method !== 'span-pairs') related.method = method;
    const offset = a === this.#reference ? 0 : this.#offsets.get(a);
    // A clock that is not related yet has no time of ours but that of its arrival.
    const atMs = offset === undefined ? observedMs : Math.min(rawMs - offset, observedMs);
    const step = isTurned ? related.edge.add(atMs, -high, -low) : related.edge.add(atMs, low, high);
    return step === undefined ? undefined : this.#stepOf(related, step);
  }

  /**
   * Takes when a record came that a clock stamped `aheadMs` after (before, if negative) then;
   * `isWhole` if the stamp has no fraction of a second.
   */
  hear(clock: string, observedMs: number, aheadMs: number, isWhole = false): ClockStep | undefined {
    if (clock === this.#reference) return undefined;
    let edge = this.#oneWays.get(clock);
    if (edge === undefined) {
      if (this.#oneWays.size >= CLOCKS_MAX && !makeRoom(this.#oneWays, observedMs)) {
        this.#leftOut += 1;
        return undefined;
      }
      edge = new OneWayEdge();
      this.#oneWays.set(clock, edge);
    }
    const step = edge.add(observedMs, aheadMs, isWhole);
    return step === undefined ? undefined : { ...step, clock };
  }

  /** Forgets all that was known of a clock: it is known to have been stepped. */
  cut(clock: string, atMs: number): void {
    this.#oneWays.get(clock)?.cut(atMs);
    for (const { a, b, edge } of this.#edges.values())
      if (a === clock || b === clock) edge.cut(atMs);
  }

  /** Takes a step that is known exactly; undefined when it was told here already. */
  step(step: ClockStep): ClockStep | undefined {
    const { clock, byMs } = step;
    const oneWay = this.#oneWays.get(clock);
    const took = oneWay === undefined ? [] : [oneWay.shift(step)];
    for (const { a, b, edge } of this.#edges.values()) {
      if (a === clock) took.push(edge.shift({ ...step, byMs: -byMs }));
      else if (b === clock) took.push(edge.shift(step));
    }
    const offset = this.#offsets.get(clock);
    if (!took.includes(true)) return undefined;
    if (offset !== undefined) this.#offsets.set(clock, offset + byMs);
    return step;
  }

  /** What a clock was ahead of ours at the last look; undefined if nothing told. */
  offsetOf(clock: string): number | undefined {
    return this.#offsets.get(clock);
  }

  /** What was seen to pass between clocks of others. */
  *directRelations(): Iterable<DirectRelation> {
    for (const { a, b, edge } of this.#edges.values()) {
      if (this.#still.has(a) || this.#still.has(b)) continue;
      const { sinceMs, newestMs } = edge;
      yield { a, b, sinceMs, newestMs, at: (timeMs) => edge.at(timeMs) };
    }
  }

  /** What every clock is ahead of ours at a time. */
  estimates(timeMs: number): readonly ClockEstimate[] {
    const relations = [...this.#edges.values()].flatMap(
      ({ a, b, edge, method }): ClockRelation[] => {
        const found = edge.at(timeMs);
        return found === undefined ? [] : [{ a, b, ...found, sinceMs: edge.sinceMs, method }];
      },
    );
    const heard = [...this.#oneWays].flatMap(([clock, edge]) => {
      const found = edge.at(timeMs);
      return found === undefined ? [] : [{ clock, ...found, sinceMs: edge.sinceMs }];
    });
    const estimates = relateClocks(this.#reference, relations, heard);
    this.#offsets.clear();
    for (const { clock, offsetMs } of estimates) this.#offsets.set(clock, offsetMs);
    return estimates;
  }

  #related(a: string, b: string, nowMs: number): Related | undefined {
    const key = `${a}\n${b}`;
    const known = this.#edges.get(key);
    if (known !== undefined) return known;
    if (this.#edges.size >= EDGES_MAX && !makeRoom(this.#edges, nowMs)) {
      this.#leftOut += 1;
      return undefined;
    }
    const edge = new ClockEdge();
    const related: Related = {
      a,
      b,
      edge,
      method: 'span-pairs',
      get newestMs() {
        return edge.newestMs;
      },
    };
    this.#edges.set(key, related);
    return related;
  }

  /** Ours and true time never count as the one that moved; else the one with fewer relations. */
  #stepOf({ a, b }: Related, step: EdgeStep): ClockStep {
    const isA = this.#still.has(b) || (!this.#still.has(a) && this.#degree(a) < this.#degree(b));
    return isA ? { ...step, clock: a, byMs: -step.byMs } : { ...step, clock: b };
  }

  #degree(clock: string): number {
    let degree = 0;
    for (const { a, b } of this.#edges.values()) if (a === clock || b === clock) degree += 1;
    return degree;
  }
}

/** Two clocks that were seen to exchange something. */
interface Related {
  readonly a: string;
  readonly b: string;
  readonly edge: ClockEdge;
  method: RelationMethod;
  readonly newestMs: number;
}

/** Forgets what was not heard of for long; answers whether that was any. */
function makeRoom(edges: Map<string, { readonly newestMs: number }>, nowMs: number): boolean {
  const before = edges.size;
  for (const [key, { newestMs }] of edges) {
    if (newestMs < nowMs - FORGET_AFTER_MS) edges.delete(key);
  }
  return edges.size < before;
}
