import type { ClockOverlay, ClockPiece } from '../../../model/evidence/clock-overlay.ts';
import type { StampingClock } from '../../../model/evidence/evidence-summary.ts';
import type { EvidenceWindow } from './summarize.ts';

/**
 * By which clock each component tells its times, and the most that clock may have been wrong by
 * during the window. Who is stamped by several clocks is as sure as the least sure of them.
 */
export function stampingClocks(
  stamped: Iterable<readonly [component: string, clocks: readonly string[]]>,
  overlay: ClockOverlay,
  window: Span,
): readonly StampingClock[] {
  return Array.from(stamped, ([component, ids]) => {
    const worst = ids
      .map((id) => worstOf(overlay.clocks.get(id) ?? [], window))
      .reduce((one, other) => (boundOf(other) > boundOf(one) ? other : one), EXACT);
    const [id = ''] = ids;
    return { component, id: ids.length === 1 ? id : '', ...worst };
  });
}

type Span = Pick<EvidenceWindow, 'fromNs' | 'toNs'>;

type Doubt = Pick<StampingClock, 'boundNs' | 'method'>;

const EXACT: Doubt = { boundNs: 0, method: 'reference' };
const UNKNOWN: Doubt = { method: 'none' };

const boundOf = ({ boundNs }: Doubt): number => boundNs ?? Number.POSITIVE_INFINITY;

/** What the least sure of the pieces says that were in force at some time of the window. */
function worstOf(pieces: readonly ClockPiece[], { fromNs, toNs }: Span): Doubt {
  const first = pieces.findLastIndex((piece) => piece.fromNs <= fromNs);
  // Before its first piece a clock was stamped by nobody knows what.
  if (first < 0) return UNKNOWN;
  return pieces
    .slice(first)
    .filter((piece, at) => at === 0 || piece.fromNs < toNs)
    .map(({ boundNs, method }): Doubt =>
      boundNs === undefined ? UNKNOWN : { boundNs: Number(boundNs), method },
    )
    .reduce((one, other) => (boundOf(other) > boundOf(one) ? other : one));
}
