import {
  rawStart,
  type ClockOverlay,
  type ClockPiece,
} from '../../../../model/evidence/clock-overlay.ts';
import type { ColumnName } from '../columns.ts';

/** Columns that the aligned moment is made of, besides the raw one. */
export const ALIGNING_COLUMNS: readonly ColumnName[] = ['clock', 'observed'];

/**
 * The aligned time of a row as SQL over the raw columns, the same as `alignMoment` of the model;
 * undefined where no clock of the table is corrected.
 */
export function alignedMomentSql(
  overlay: ClockOverlay | undefined,
  dictionary: readonly string[],
): string | undefined {
  const branches: string[] = [];
  for (const [clock, pieces] of overlay?.clocks ?? []) {
    const index = dictionary.indexOf(clock);
    if (index > 0) branches.push(`WHEN ${index} THEN ${piecesSql(pieces)}`);
  }
  if (branches.length === 0) return undefined;
  // What a 64-bit number cannot hold stays as it is.
  return `coalesce(try_cast(CASE clock ${branches.join(' ')} END AS BIGINT), moment)`;
}

function piecesSql(pieces: readonly ClockPiece[]): string {
  const branches: string[] = [];
  let next: ClockPiece | undefined;
  const within = (moved: string): string => {
    if (next === undefined) return moved;
    const kept = `least(${moved}, ${next.fromNs})`;
    return `CASE WHEN moment < ${rawStart(next)} THEN ${kept} ELSE ${moved} END`;
  };
  for (const piece of pieces.toReversed()) {
    const shown = within(lineSql(piece));
    branches.push(
      `WHEN moment >= ${rawStart(piece)} AND observed >= ${piece.fromNs} THEN ${shown}`,
    );
    next = piece;
  }
  const first =
    next === undefined ? '' : `WHEN observed >= ${next.fromNs} THEN ${within('moment')} `;
  return `CASE ${branches.join(' ')} ${first}ELSE moment END`;
}

function lineSql({ corrects, offsetNs, rawNs, driftPpb }: ClockPiece): string {
  if (!corrects) return 'moment';
  const drift = `((moment::HUGEINT - ${rawNs}) * ${driftPpb}) // 1000000000`;
  return `(moment::HUGEINT - (${offsetNs}) - ${drift})`;
}
