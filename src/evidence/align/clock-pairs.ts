import {
  offsetOf,
  type ClockOverlay,
  type ClockPiece,
} from '../../model/evidence/clock-overlay.ts';
import type { ClockPair } from '../../model/evidence/clock-pair.ts';
import type { EdgeEstimate } from './graph/clock-edge.ts';
import type { ClockEstimate } from './graph/relate-clocks.ts';

/** Two clocks of others that were seen to exchange something. */
export interface DirectRelation {
  readonly a: string;
  readonly b: string;
  /** Since when without a step. */
  readonly sinceMs: number;
  /** The newest time of which something is known. */
  readonly newestMs: number;
  /** What `b` was ahead of `a`. */
  at(timeMs: number): EdgeEstimate | undefined;
}

/** A window of our time, nanoseconds. */
interface Span {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** While a relation is younger, what was corrected by it may have been told anew since. */
const YOUNG_MS = 5 * 60_000;

/** A clock that was told anew more often within a window is not settled enough for this. */
const MOMENTS_MAX = 24;

/** A quartz bends: what is known now holds the less the longer ago. See `ClockEdge`. */
const WANDER = 1e-6;

/**
 * How far the corrected times of two clocks may be off each other during a window, by what passed
 * between these two. Each record was corrected by what was known when it came, so this is judged
 * with every piece that was in force around each moment: what the two were corrected by, against
 * what they truly differ by. Between the moments all of it is straight or bent the safe way.
 */
export function clockPairs(
  relations: Iterable<DirectRelation>,
  estimates: readonly ClockEstimate[],
  overlay: ClockOverlay,
  window: Span,
): readonly ClockPair[] {
  const settledMs = Number(window.fromNs) / 1e6 - YOUNG_MS;
  const isSettled = (clock: string): boolean => {
    const found = estimates.find((one) => one.clock === clock);
    if (found === undefined) return true;
    return found.method !== 'inconsistent' && found.sinceMs <= settledMs;
  };
  return Array.from(relations).flatMap((relation): ClockPair[] => {
    const { a, b, sinceMs } = relation;
    if (sinceMs > settledMs || !isSettled(a) || !isSettled(b)) return [];
    const pieces = [overlay.clocks.get(a) ?? [], overlay.clocks.get(b) ?? []] as const;
    const boundMs = worstOf(relation, pieces, window);
    return boundMs === undefined ? [] : [{ one: a, other: b, boundNs: Math.ceil(boundMs * 1e6) }];
  });
}

function worstOf(
  relation: DirectRelation,
  [ofA, ofB]: readonly [readonly ClockPiece[], readonly ClockPiece[]],
  { fromNs, toNs }: Span,
): number | undefined {
  const begun = [...ofA, ...ofB].map((piece) => piece.fromNs);
  const moments = [fromNs, ...begun.filter((at) => fromNs < at && at < toNs), toNs];
  if (moments.length > MOMENTS_MAX) return undefined;
  let worst = 0;
  for (const atNs of moments) {
    const atMs = Number(atNs) / 1e6;
    const found = relation.at(atMs);
    if (found === undefined) return undefined;
    const known = found.boundMs + WANDER * Math.max(0, relation.newestMs - atMs);
    for (const byA of appliedAround(ofA, atNs)) {
      for (const byB of appliedAround(ofB, atNs)) {
        worst = Math.max(worst, known + Math.abs(byB - byA - found.offsetMs));
      }
    }
  }
  return worst;
}

/** What a clock was corrected by at a time, by the piece before it and the one after. */
function appliedAround(pieces: readonly ClockPiece[], atNs: bigint): readonly number[] {
  const before = pieces.findLast(({ fromNs }) => fromNs < atNs);
  const after = pieces.findLast(({ fromNs }) => fromNs <= atNs);
  return [before, after].map((piece) =>
    piece === undefined ? 0 : Number(offsetOf(piece, atNs + offsetOf(piece, atNs))) / 1e6,
  );
}
