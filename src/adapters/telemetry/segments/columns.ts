/**
 * The columns of the hot table and of every segment. Texts that repeat are numbers of the table's
 * own dictionary, which lies beside it: filters compare integers and zone maps stay small.
 */
export const COLUMNS = [
  /** LSN of the row: its id, its order of arrival. */
  { name: 'seq', type: 'i64' },
  /** Raw time, or observed time where the origin stamped none. */
  { name: 'moment', type: 'i64' },
  /** Our own clock: one value for a whole request, so it costs next to nothing. */
  { name: 'observed', type: 'i64' },
  /** Nanoseconds, `ABSENT_NS` for none. */
  { name: 'duration', type: 'i64' },
  { name: 'trace_high', type: 'u64' },
  { name: 'trace_low', type: 'u64' },
  { name: 'span', type: 'u64' },
  { name: 'parent_span', type: 'u64' },
  { name: 'component', type: 'u32' },
  { name: 'host', type: 'u32' },
  { name: 'service', type: 'u32' },
  { name: 'severity_text', type: 'u32' },
  { name: 'event_name', type: 'u32' },
  { name: 'resource', type: 'u32' },
  { name: 'source', type: 'u32' },
  { name: 'clock', type: 'u32' },
  /** Scope of `uid`. */
  { name: 'sender', type: 'u32' },
  { name: 'kind', type: 'u8' },
  { name: 'severity', type: 'u8' },
  /** Bits of `ROW_FLAG`. */
  { name: 'flags', type: 'u8' },
  { name: 'body', type: 'text' },
  { name: 'attributes', type: 'text' },
  { name: 'position', type: 'text' },
  { name: 'uid', type: 'text' },
] as const satisfies readonly ColumnSpec[];

/** A column's name and how its values are kept. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: 'i64' | 'u64' | 'u32' | 'u8' | 'text';
}

/** A name of `COLUMNS`. */
export type ColumnName = (typeof COLUMNS)[number]['name'];

/** Facts of a row that are one bit each. */
export const ROW_FLAG = { hasTime: 1, bodyIsJson: 2 } as const;
