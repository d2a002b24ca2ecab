/** Rows `from` (inclusive) to `to` (exclusive) of a segment, by their number in it. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}
