import { timeNs, type TimeNs } from '../../../base/time.ts';
import { parseJsonObject } from '../../../base/parse-json.ts';

/** Where the source stands in the journal. */
export interface JournalPosition {
  /** The newest entry that is durable. */
  readonly cursor: string;
  /** Which entries were asked for: with other ones the cursor's entry need not be among them. */
  readonly filter: string;
  /** The entry is gone, and the record that says so is durable. */
  readonly isGapTold: boolean;
}

/** A cursor of the journal: sequence, boot, monotonic and wall clock of one entry. */
const CURSOR =
  /^s=([0-9a-f]+);i=([0-9a-f]+);b=[0-9a-f]+;m=[0-9a-f]+;t=([0-9a-f]{1,16});x=[0-9a-f]+$/;

/** The position as text, stored with each batch. */
export function encodeJournalPosition({ cursor, filter, isGapTold }: JournalPosition): string {
  return JSON.stringify({ version: 1, cursor, filter, ...(isGapTold ? { isGapTold } : {}) });
}

/** The position of a text; undefined for none and for a text of another version. */
export function decodeJournalPosition(text: string | undefined): JournalPosition | undefined {
  const parsed = text === undefined ? undefined : parseJsonObject(text);
  const { version, cursor, filter, isGapTold } = parsed ?? {};
  if (version !== 1 || typeof cursor !== 'string' || typeof filter !== 'string') return undefined;
  return CURSOR.test(cursor) ? { cursor, filter, isGapTold: isGapTold === true } : undefined;
}

/** When the journal took the entry of a cursor; undefined for what is no cursor. */
export function cursorTime(cursor: string): TimeNs | undefined {
  const [, , , micros] = CURSOR.exec(cursor) ?? [];
  return micros === undefined ? undefined : timeNs(BigInt(`0x${micros}`) * 1000n);
}

/** How many entries lie between two cursors; undefined when the journal numbered them anew. */
export function entriesBetween(before: string, after: string): number | undefined {
  const [, sequenceBefore, numberBefore] = CURSOR.exec(before) ?? [];
  const [, sequenceAfter, numberAfter] = CURSOR.exec(after) ?? [];
  if (sequenceBefore === undefined || sequenceBefore !== sequenceAfter) return undefined;
  const between = Number.parseInt(numberAfter ?? '', 16) - Number.parseInt(numberBefore ?? '', 16);
  return between > 0 ? between - 1 : undefined;
}
