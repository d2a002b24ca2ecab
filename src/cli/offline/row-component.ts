import type { RecordBatch } from '../../model/record/record-batch.ts';

/** Whom a row is about: its component, else its host, else the file it is from. */
export function componentOf(batch: RecordBatch, row: number): string {
  const word = (column: Uint32Array): string => batch.dictionary[column[row] ?? 0] ?? '';
  return word(batch.component) || word(batch.host) || word(batch.source);
}
