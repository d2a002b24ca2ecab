import {
  alignMoment,
  offsetOf,
  PIECE_MAX_NS,
  type ClockOverlay,
  type ClockPiece,
} from '../../model/evidence/clock-overlay.ts';
import type { EdgeStep } from './graph/clock-edge.ts';
import type { ClockEstimate } from './graph/relate-clocks.ts';

/** A clock that bends much has some hundred pieces a day; older ones are joined. */
const PIECES_MAX = 256;

/**
 * What was sent just before a clock was first related was stamped by the same clock. Longer ago it
 * may have been stepped, and nobody saw it.
 */
const BEFORE_FIRST_NS = 15n * 60_000_000_000n;

/** While all that is known of a line is younger, the whole line is told anew: it gets better. */
const YOUNG_NS = 5n * 60_000_000_000n;

/** Writes down how clocks were related, so that what is old stays corrected as it was then. */
export class ClockHistory {
  #overlay: ClockOverlay;

  constructor(overlay: ClockOverlay) {
    this.#overlay = overlay;
  }

  get overlay(): ClockOverlay {
    return this.#overlay;
  }

  /** Takes over what is known now; answers the next version, undefined when nothing changed. */
  update(
    estimates: readonly ClockEstimate[],
    steps: readonly EdgeStep[],
    nowNs: bigint,
  ): ClockOverlay | undefined {
    const clocks = new Map(this.#overlay.clocks);
    let isChanged = false;
    for (const estimate of estimates) {
      const before = clocks.get(estimate.clock) ?? [];
      const step = steps.find(({ beforeMs }) => beforeMs === estimate.sinceMs);
      const pieces = extended(before, estimate, step, nowNs);
      if (pieces === before) continue;
      clocks.set(estimate.clock, pieces);
      isChanged = true;
    }
    if (!isChanged) return undefined;
    this.#overlay = { version: this.#overlay.version + 1, clocks };
    return this.#overlay;
  }
}

/** The pieces with what is known now at their end; the same ones when they still hold. */
function extended(
  before: readonly ClockPiece[],
  estimate: ClockEstimate,
  step: EdgeStep | undefined,
  nowNs: bigint,
): readonly ClockPiece[] {
  const sinceNs = Number.isFinite(estimate.sinceMs) ? nsOf(estimate.sinceMs) : nowNs;
  const firstNs = sinceNs - BEFORE_FIRST_NS;
  const isOfLine = ({ fromNs }: ClockPiece): boolean => fromNs >= sinceNs || fromNs === firstNs;
  const last = before.at(-1);
  const isOn = last !== undefined && isOfLine(last);
  if (isOn && estimate.doubtSinceMs !== undefined) return doubted(before, last, estimate);
  if (isOn && stillHolds(last, estimate, nowNs)) return before;
  if (isOn && nowNs - sinceNs >= YOUNG_NS) {
    return thinned([...before, pieceOf(estimate, nowNs, nowNs)]);
  }
  const endNs = step === undefined ? sinceNs : nsOf(step.afterMs);
  const kept = before.filter((piece) => !isOfLine(piece) && piece.fromNs < endNs);
  const next = pieceOf(estimate, kept.length === 0 ? firstNs : sinceNs, nowNs);
  return thinned([...kept, ...stepOf(next, kept.at(-1), step), next]);
}

/** While a step is suspected the line goes on as it was, by a bound that holds both. */
function doubted(
  before: readonly ClockPiece[],
  last: ClockPiece,
  { doubtSinceMs = 0, boundMs }: ClockEstimate,
): readonly ClockPiece[] {
  // A moment sooner, so that it is not taken for the line that a step begins.
  const fromNs = nsOf(doubtSinceMs) - 1n;
  if (last.fromNs >= fromNs || last.boundNs === undefined || !Number.isFinite(boundMs)) {
    return before;
  }
  return thinned([...before, { ...last, fromNs, boundNs: last.boundNs + nsOf(boundMs) }]);
}

/** Between the last time before a step and the first after it either may be true. */
function stepOf(
  next: ClockPiece,
  last: ClockPiece | undefined,
  step: EdgeStep | undefined,
): readonly ClockPiece[] {
  if (step === undefined || next.boundNs === undefined) return [];
  const fromNs = nsOf(step.afterMs);
  if (fromNs >= next.fromNs || (last !== undefined && fromNs <= last.fromNs)) return [];
  return [{ ...next, fromNs, boundNs: next.boundNs + nsOf(Math.abs(step.byMs)) }];
}

/**
 * Whether a piece says the same as the estimate: what a line may go wrong until the next look is in
 * its bound, so that a piece lasts.
 */
function stillHolds(piece: ClockPiece, estimate: ClockEstimate, nowNs: bigint): boolean {
  if (piece.method !== estimate.method || piece.corrects !== estimate.corrects) return false;
  if (nowNs - piece.rawNs + offsetOf(piece, piece.rawNs) > PIECE_MAX_NS) return false;
  if (!Number.isFinite(estimate.boundMs) || piece.boundNs === undefined) {
    return !Number.isFinite(estimate.boundMs) && piece.boundNs === undefined;
  }
  const raw = nowNs + nsOf(estimate.offsetMs);
  const wrong = alignMoment([piece], raw, nowNs).alignedNs - (piece.corrects ? nowNs : raw);
  const needed = Number(wrong < 0n ? -wrong : wrong) + honestBound(estimate) * 1e6;
  const told = Number(piece.boundNs);
  return needed <= told && told <= 3 * needed;
}

/** What a piece tells more than its estimate, so that it lasts a while. */
const LASTING = 1.25;

/** A raw time is wrong by what it would have been corrected by, too. */
function honestBound({ corrects, offsetMs, boundMs }: ClockEstimate): number {
  return corrects ? boundMs : Math.abs(offsetMs) + boundMs;
}

function pieceOf(estimate: ClockEstimate, fromNs: bigint, nowNs: bigint): ClockPiece {
  const offsetNs = nsOf(estimate.offsetMs);
  const bound = honestBound(estimate);
  return {
    fromNs,
    rawNs: nowNs + offsetNs,
    offsetNs,
    driftPpb: Math.round(estimate.drift * 1e9),
    ...(Number.isFinite(bound) ? { boundNs: nsOf(bound * LASTING) } : {}),
    method: estimate.method,
    corrects: estimate.corrects,
  };
}

/** Joins the two oldest pieces while there are too many; the bound of the joint holds both. */
function thinned(pieces: readonly ClockPiece[]): readonly ClockPiece[] {
  const [first, second, ...rest] = pieces;
  if (pieces.length <= PIECES_MAX || first === undefined || second === undefined) return pieces;
  const raw = first.fromNs + offsetOf(first, first.rawNs);
  const apart = offsetOf(second, raw) - offsetOf(first, raw);
  const wrong = apart < 0n ? -apart : apart;
  const { boundNs, ...line } = second;
  if (boundNs === undefined) return [{ ...line, fromNs: first.fromNs }, ...rest];
  return [{ ...line, fromNs: first.fromNs, boundNs: boundNs + wrong }, ...rest];
}

/** Nanoseconds of milliseconds, to the microsecond where a double has no more. */
function nsOf(ms: number): bigint {
  const whole = Math.trunc(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
}
