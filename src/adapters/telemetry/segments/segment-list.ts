import { fromBase64 } from '../../../base/bytes.ts';
import type { TimelineFilter } from '../../../model/record/timeline-query.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { SegmentFacts, SegmentSide } from './catalogue/catalogue-entry.ts';
import type { SegmentPart, SegmentRef } from './engine/protocol.ts';
import { placesThatMayHold } from './engine/text-lookup.ts';
import { innerTokens, spellingsOf } from './engine/text-tokens.ts';
import { mayHoldTrace } from './engine/trace-filter.ts';
import { traceHalves } from './engine/where.ts';

/** Memory for sides; one has about 280 kB, so 110 segments can be pruned without the disk. */
const SIDES_BYTES_MAX = 32 * 1024 * 1024;

/** A segment that can be read. */
export interface LiveSegment extends SegmentRef {
  readonly facts: SegmentFacts;
}

/** The readable segments in order of arrival, and which of them a query needs. */
export class SegmentList {
  readonly #catalogue: Catalogue;
  readonly #folder: string;
  readonly #segments = new Map<string, LiveSegment>();
  /** Replaced or expired, but still read by queries that began before. */
  readonly #retired = new Map<string, LiveSegment>();
  readonly #sides = new Map<string, SegmentSide>();
  #sideBytes = 0;

  constructor(catalogue: Catalogue, folder: string) {
    this.#catalogue = catalogue;
    this.#folder = folder;
  }

  get all(): readonly LiveSegment[] {
    return [...this.#segments.values()];
  }

  /** Those that a query may ask the engine for. */
  get readable(): readonly LiveSegment[] {
    return [...this.#segments.values(), ...this.#retired.values()];
  }

  add(facts: SegmentFacts): LiveSegment {
    const segment = {
      id: facts.id,
      path: `${this.#folder}/${segmentFileName(facts.id)}`,
      key: fromBase64(facts.key),
      firstSeq: facts.firstLsn,
      minMoment: BigInt(facts.minMoment),
      maxMoment: BigInt(facts.maxMoment),
      facts,
    };
    this.#segments.set(facts.id, segment);
    return segment;
  }

  get(id: string): LiveSegment | undefined {
    return this.#segments.get(id);
  }

  /** Whether a query that chose it may still ask for it. */
  isReadable(id: string): boolean {
    return this.#segments.has(id) || this.#retired.has(id);
  }

  /** Takes segments out of new queries' sight, for another one if `by` is given. */
  retire(ids: readonly string[], by?: SegmentFacts): void {
    for (const id of ids) {
      const segment = this.#segments.get(id);
      if (segment !== undefined) this.#retired.set(id, segment);
      this.remove(id);
    }
    if (by === undefined) return;
    this.add(by);
    const inOrder = this.all.toSorted((a, b) => a.firstSeq - b.firstSeq);
    this.#segments.clear();
    for (const segment of inOrder) this.#segments.set(segment.id, segment);
  }

  /** Nobody reads them any more. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.#retired.delete(id);
  }

  remove(id: string): void {
    this.#segments.delete(id);
    const side = this.#sides.get(id);
    if (side !== undefined) this.#dropSide(id, side);
  }

  /** The segment that holds a row. */
  holding(seq: number): LiveSegment | undefined {
    return this.all.find(({ facts }) => facts.firstLsn <= seq && seq < facts.endLsn);
  }

  /** Segments that may hold matching records; `afterSeq` leaves out those all before it. */
  candidates(filter: TimelineFilter, afterSeq = 0): readonly LiveSegment[] {
    const { from, to, components, traceId } = filter;
    const trace = traceId === undefined ? undefined : traceHalves(traceId);
    return this.all.filter((segment) => {
      if (from !== undefined && segment.maxMoment < from) return false;
      if (to !== undefined && segment.minMoment >= to) return false;
      if (segment.facts.endLsn <= afterSeq) return false;
      if (components !== undefined && !overlaps(components, segment.facts.components)) return false;
      if (trace === undefined) return true;
      const filterBits = this.side(segment.id)?.traceFilter;
      return filterBits === undefined || mayHoldTrace(filterBits, trace[0], trace[1]);
    });
  }

  /** What of these segments may hold a text; everything without one. */
  partsWith(text: string | undefined, segments: readonly LiveSegment[]): readonly SegmentPart[] {
    const spellings = spellingsOf(text ?? '').map(innerTokens);
    return segments.flatMap(({ id }) => {
      const bits = spellings.some(isEmpty) ? undefined : this.side(id)?.textFilter;
      const places = bits === undefined ? undefined : placesThatMayHold(bits, spellings);
      return places?.rows.length === 0 ? [] : [{ id, text: places }];
    });
  }

  /** What the catalogue keeps beside a segment; undefined when it cannot be read. */
  side(id: string): SegmentSide | undefined {
    const known = this.#sides.get(id);
    const side = known ?? this.#catalogue.side(id);
    if (side === undefined) return undefined;
    // Set again, because a map iterates in order of insertion: the oldest use comes first.
    this.#sides.delete(id);
    this.#sides.set(id, side);
    if (known !== undefined) return side;
    this.#sideBytes += bytesOf(side);
    for (const [oldest, other] of this.#sides) {
      if (this.#sideBytes <= SIDES_BYTES_MAX || oldest === id) break;
      this.#dropSide(oldest, other);
    }
    return side;
  }

  #dropSide(id: string, side: SegmentSide): void {
    this.#sides.delete(id);
    this.#sideBytes -= bytesOf(side);
  }
}

function bytesOf({ traceFilter, textFilter, density }: SegmentSide): number {
  return traceFilter.length + textFilter.length + 8 * (density?.length ?? 0);
}

function isEmpty(tokens: readonly number[]): boolean {
  return tokens.length === 0;
}

/** The part of a segment's facts that the engine works with. */
export function refOf({ id, path, key, firstSeq, minMoment, maxMoment }: LiveSegment): SegmentRef {
  return { id, path, key, firstSeq, minMoment, maxMoment };
}

/** The id of a segment: its first LSN, and how often it was written anew. */
export function segmentId(firstLsn: number, rewrites: number): string {
  const place = firstLsn.toString(36).padStart(11, '0');
  return rewrites === 0 ? place : `${place}-${rewrites}`;
}

/** How often a segment was written anew. */
export function rewritesOf(id: string): number {
  return Number(id.split('-')[1] ?? 0);
}

/** The file of a segment. */
export function segmentFileName(id: string): string {
  return `${id}.seg`;
}

/** The id of a segment file's name; undefined for other files. */
export function segmentOfFile(name: string): string | undefined {
  return /^([0-9a-z]{11}(?:-[1-9]\d{0,9})?)\.seg$/.exec(name)?.[1];
}

function overlaps(wanted: readonly string[], held: readonly string[]): boolean {
  return wanted.some((name) => held.includes(name));
}
