import type { MemoryFile } from '../memory-file.ts';

/** A hot table or a segment as a query sees it: Parquet files of this process and their texts. */
export interface TableSource {
  /** Retained for the query that asked; none when nothing in the table can match. */
  readonly files: readonly MemoryFile[];
  /** What the index columns number; entry 0 is the empty text. */
  readonly dictionary: readonly string[];
}

/** The table expression of a source for SQL. The paths are ours, so nothing needs quoting. */
export function tableOf({ files }: TableSource): string {
  const paths = files.map(({ path }) => `'${path}'`).join(', ');
  return `read_parquet([${paths}], file_row_number = true)`;
}

/** Lets the memory go once nobody else reads it. */
export function releaseSource({ files }: TableSource): void {
  for (const file of files) file.release();
}
