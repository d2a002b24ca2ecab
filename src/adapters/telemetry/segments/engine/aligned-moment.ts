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
  let end: bigint | undefined;
  for (const piece of pieces.toReversed()) {
    const aligned = lineSql(piece);
    const shown = end === undefined ? aligned : `least(${aligned}, ${end})`;
    branches.push(
      `WHEN moment >= ${rawStart(piece)} AND observed >= ${piece.fromNs} THEN ${shown}`,
    );
    end = piece.fromNs;
  }
  const first = end === undefined ? '' : `WHEN observed >= ${end} THEN least(moment, ${end}) `;
  return `CASE ${branches.join(' ')} ${first}ELSE moment END`;
}

function lineSql({ corrects, offsetNs, rawNs, driftPpb }: ClockPiece): string {
  if (!corrects) return 'moment';
  const drift = `((moment::HUGEINT - ${rawNs}) * ${driftPpb}) // 1000000000`;
  return `(moment::HUGEINT - (${offsetNs}) - ${drift})`;
}
