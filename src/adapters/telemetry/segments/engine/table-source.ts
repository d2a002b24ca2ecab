import type { MemoryFile } from '../memory-file.ts';
import type { RowRange } from '../segment/row-range.ts';

/** A hot table or a segment as a query sees it: Parquet files of this process and their texts. */
export interface TableSource {
  /** Retained for the query that asked; none when nothing in the table can match. */
  readonly files: readonly MemoryFile[];
  /** What the index columns number; entry 0 is the empty text. */
  readonly dictionary: readonly string[];
  /** Whole row groups of a single file outside of which nothing may be read; all when absent. */
  readonly stretches?: readonly RowRange[] | undefined;
  /** The aligned time of a row as SQL; absent where no clock of the table is corrected. */
  readonly aligned?: string | undefined;
}

/**
 * The table expression of a source for SQL, its `moment` aligned. The paths are ours, so nothing
 * needs quoting. Each stretch is a table of its own: of several ranges in one condition the engine
 * reads what lies between them as well, which may still be encrypted.
 */
export function tableOf(source: TableSource): string {
  const raw = rawTableOf(source);
  if (source.aligned === undefined) return raw;
  return `(SELECT * REPLACE (${source.aligned} AS moment) FROM ${raw})`;
}

/** The same with the times as the clocks of the origins stamped them. */
export function rawTableOf({ files, stretches }: TableSource): string {
  const paths = files.map(({ path }) => `'${path}'`).join(', ');
  const whole = `read_parquet([${paths}], file_row_number = true)`;
  if (stretches === undefined) return whole;
  const parts = stretches.map(({ from, to }) => {
    return `FROM ${whole} WHERE file_row_number BETWEEN ${from} AND ${to - 1}`;
  });
  return `(${parts.join(' UNION ALL ')})`;
}

/** Lets the memory go once nobody else reads it. */
export function releaseSource({ files }: TableSource): void {
  for (const file of files) file.release();
}
