/** What one clock was ahead of ours during a stretch of time, as a straight line. */
export interface ClockPiece {
  /** Since when, by our clock, nanoseconds; until the next piece. */
  readonly fromNs: bigint;
  /** Where on its own clock the line is anchored, and the offset there. */
  readonly rawNs: bigint;
  readonly offsetNs: bigint;
  /** How fast the offset grows, in billionths. */
  readonly driftPpb: number;
  /** The truth lies within, corrected or not; absent where nothing is known. */
  readonly boundNs?: bigint;
  readonly method: string;
  /** Whether records are corrected; else they keep their time, since that may be right. */
  readonly corrects: boolean;
}

/**
 * How the clocks that stamped records are corrected, by clock id, the pieces of each in order. A
 * value: queries read the timeline as one version of it shows it, and a later version may correct
 * the same records better.
 */
export interface ClockOverlay {
  readonly version: number;
  readonly clocks: ReadonlyMap<string, readonly ClockPiece[]>;
}

/** Nothing is corrected. */
export const NO_OVERLAY: ClockOverlay = { version: 0, clocks: new Map() };

/** The time of a record, corrected, and the piece that says so. */
export interface AlignedMoment {
  readonly alignedNs: bigint;
  readonly piece?: ClockPiece;
}

/** A stamp without a fraction stands for all of the second that it begins. */
export const WHOLE_SECOND_NS = 1_000_000_000n;

/**
 * Within what the corrected time of one record holds: its clock's bound, and a second more where
 * its stamp has no fraction, unless the clock was known by such stamps alone, whose bound has it.
 */
export function boundOfStamp(piece: ClockPiece | undefined, raw: bigint): bigint | undefined {
  if (piece?.boundNs === undefined || piece.method === 'whole-seconds') return piece?.boundNs;
  return raw % WHOLE_SECOND_NS === 0n ? piece.boundNs + WHOLE_SECOND_NS : piece.boundNs;
}

/** What is subtracted from a raw time of a clock. */
export function offsetOf({ corrects, offsetNs, rawNs, driftPpb }: ClockPiece, raw: bigint): bigint {
  return corrects ? offsetNs + ((raw - rawNs) * BigInt(driftPpb)) / 1_000_000_000n : 0n;
}

/** What the clock itself showed when a piece began. */
export function rawStart(piece: ClockPiece): bigint {
  return piece.fromNs + offsetOf(piece, piece.fromNs + offsetOf(piece, piece.fromNs));
}

/**
 * Corrects the time of one record. Of a stretch that a clock showed twice, because it was set back,
 * the record belongs to the later one unless it was seen before that began. Nothing is moved beyond
 * the end of its piece: so records of one clock keep the order that their own times gave them.
 */
export function alignMoment(
  pieces: readonly ClockPiece[] | undefined,
  raw: bigint,
  observed: bigint,
): AlignedMoment {
  // A clock that is corrected nowhere is left alone altogether.
  const moves = pieces?.some(({ corrects }) => corrects) === true;
  let next: ClockPiece | undefined;
  // A stamp of the next piece that was seen before it began is impossible, and left where it is.
  const within = (moved: bigint): bigint =>
    next !== undefined && raw < rawStart(next) && moved > next.fromNs ? next.fromNs : moved;
  for (const piece of pieces?.toReversed() ?? []) {
    if (raw >= rawStart(piece) && observed >= piece.fromNs) {
      const moved = raw - offsetOf(piece, raw);
      const alignedNs = within(moved);
      // What a 64-bit number cannot hold stays as it is.
      return { alignedNs: BigInt.asIntN(64, alignedNs) === alignedNs ? alignedNs : raw, piece };
    }
    if (moves) next = piece;
  }
  return { alignedNs: observed >= (next?.fromNs ?? observed) ? within(raw) : raw };
}

/** A piece is begun anew after this at the latest, so that no line runs far beyond its anchor. */
export const PIECE_MAX_NS = 12n * 3_600_000_000_000n;

/** The least and the most that anything is moved by, nanoseconds: at most 0, at least 0. */
export function shiftRange({ clocks }: ClockOverlay): {
  readonly least: bigint;
  readonly most: bigint;
} {
  let [least, most] = [0n, 0n];
  for (const piece of [...clocks.values()].flat().filter(({ corrects }) => corrects)) {
    const { offsetNs, driftPpb } = piece;
    const bend = (BigInt(Math.abs(driftPpb)) * 2n * PIECE_MAX_NS) / 1_000_000_000n;
    if (offsetNs - bend < least) least = offsetNs - bend;
    if (offsetNs + bend > most) most = offsetNs + bend;
  }
  return { least, most };
}
