import { canonicalJson, type Json } from '../../../base/canonical-json.ts';
import { toHex, utf8 } from '../../../base/bytes.ts';
import { timeNs, toRfc3339 } from '../../../base/time.ts';
import { emptyRow, type InternedRow } from '../../../model/record/interned-row.ts';
import type { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { REJECT_INPUT_CHARS, type Reject } from '../../../model/record/timeline-record.ts';
import type { AttributeWriter } from './attribute-writer.ts';
import { BodyTooLarge, RejectedRecord } from './decode-failure.ts';
import type { KeyEntry, KeyTable } from './key-table.ts';
import type { OtlpKeyEntries } from './otlp-keys.ts';
import type { ResourceTable } from './resource-table.ts';
import type { WireInput } from './wire.ts';

/** 64 MiB of records of 330 bytes; more rows than this from one body are an amplification. */
export const ROWS_MAX = 200_000;

/** Resources and scopes of one body; collectors batch some hundreds, and each costs 2 µs. */
export const GROUPS_MAX = 100_000;

/** Rejected records of one body that are kept with their input; the others are only counted. */
const REJECTS_KEPT_MAX = 100;

/** What outlives a body: memories of keys and resources seen before. */
export interface DecoderMemory {
  readonly keys: KeyTable;
  readonly names: OtlpKeyEntries;
  readonly writer: AttributeWriter;
  readonly resources: ResourceTable;
}

/** One body being decoded. */
export interface Decoding {
  readonly input: WireInput;
  readonly memory: DecoderMemory;
  readonly builder: RecordBatchBuilder;
  readonly observedNs: bigint;
  /** The index of the source's name. */
  readonly source: number;
  /** The row being filled. */
  readonly row: InternedRow;
  /** Attributes of the instrumentation scope at hand, as JSON. */
  scope: readonly ScopeMember[];
  /** The text of an `event.name` attribute, the old place of EventName. */
  eventName: string;
  severityText: string;
  /** When somebody before us saw the record. */
  observedHigh: number;
  observedLow: number;
  /** Resources and scopes so far. */
  groups: number;
  rejected: number;
  readonly rejects: Reject[];
}

/** One attribute every record of a scope carries. */
export interface ScopeMember {
  readonly key: KeyEntry;
  readonly json: Uint8Array;
  readonly isAscii: boolean;
}

/** A decoding at its start. */
export function newDecoding(
  input: WireInput,
  memory: DecoderMemory,
  builder: RecordBatchBuilder,
  source: string,
  observedNs: bigint,
): Decoding {
  const row = { ...emptyRow(), source: builder.intern(source) };
  return {
    input,
    memory,
    builder,
    observedNs,
    source: row.source,
    row,
    scope: [],
    eventName: '',
    severityText: '',
    observedHigh: 0,
    observedLow: 0,
    groups: 0,
    rejected: 0,
    rejects: [],
  };
}

/** A resource or scope begins. Empty ones cost two bytes on the wire, and time here. */
export function beginGroup(decoding: Decoding): void {
  decoding.groups += 1;
  if (decoding.groups > GROUPS_MAX) {
    throw new BodyTooLarge(`it holds more than ${GROUPS_MAX} resources and scopes`);
  }
}

/** Forgets the last record, keeps what belongs to its resource. */
export function beginRow(decoding: Decoding, kind: number): void {
  const { row } = decoding;
  row.kind = kind;
  row.severity = 0;
  row.timeHigh = 0x80000000;
  row.timeLow = 0;
  row.durationHigh = 0x80000000;
  row.durationLow = 0;
  row.severityText = 0;
  row.eventName = 0;
  row.trace0 = row.trace1 = row.trace2 = row.trace3 = 0;
  row.spanHigh = row.spanLow = 0;
  row.parentHigh = row.parentLow = 0;
  row.body = '';
  row.bodyIsJson = 0;
  row.uid = '';
  decoding.eventName = '';
  decoding.severityText = '';
  decoding.observedHigh = 0;
  decoding.observedLow = 0;
  decoding.memory.writer.begin();
}

/** Finishes the attributes and adds the row. */
export function addRow(decoding: Decoding): void {
  const { row, builder, memory } = decoding;
  if (builder.rows >= ROWS_MAX) throw new BodyTooLarge(`it holds more than ${ROWS_MAX} records`);
  const { scope } = decoding;
  for (let at = 0; at < scope.length; at += 1) {
    const member = scope[at];
    if (member === undefined) continue;
    memory.writer.key(member.key);
    memory.writer.json(member.json, member.isAscii);
  }
  row.attributes = memory.writer.finish();
  builder.addInterned(row, decoding.observedNs);
}

/**
 * Decodes one record with `decode`; when that rejects it, the record is counted and its siblings go
 * on. The reader stands at the end of the record afterwards.
 */
export function decodeOrReject(
  decoding: Decoding,
  end: number,
  decode: (decoding: Decoding, end: number) => void,
): void {
  const { reader, bytes } = decoding.input;
  const start = reader.pos;
  try {
    decode(decoding, end);
  } catch (error) {
    if (!(error instanceof RejectedRecord)) throw error;
    decoding.rejected += 1;
    if (decoding.rejects.length < REJECTS_KEPT_MAX) {
      const cut = Math.min(end, start + REJECT_INPUT_CHARS / 2);
      decoding.rejects.push({ reason: error.message, input: toHex(bytes.subarray(start, cut)) });
    }
  }
  reader.pos = end;
}

/** Adds an attribute that is not in the body as such. */
export function writeMember(decoding: Decoding, key: KeyEntry, value: Json): void {
  decoding.memory.writer.key(key);
  if (typeof value === 'number' || typeof value === 'boolean') {
    decoding.memory.writer.ascii(String(value));
  } else {
    decoding.memory.writer.json(utf8(canonicalJson(value)));
  }
}

/** Adds a count that was sent, unless it is 0, the default. */
export function writeCount(decoding: Decoding, key: KeyEntry, count: number): void {
  if (count > 0) writeMember(decoding, key, count);
}

/** The text that ends at `end`, as an index of the builder; repeated texts are not decoded. */
export function internText(decoding: Decoding, end: number): number {
  const { input, memory, builder } = decoding;
  const index = builder.intern(memory.keys.find(input.bytes, input.reader.pos, end).text);
  input.reader.pos = end;
  return index;
}

/** A fixed64 time as RFC 3339, for the times that have no column; undefined for 0. */
export function timeText(high: number, low: number): string | undefined {
  if (high === 0 && low === 0) return undefined;
  return toRfc3339(timeNs((BigInt(high) << 32n) | BigInt(low)));
}

/** Takes the trace id that ends at `end`; false when it does not have 16 bytes. */
export function takeTraceId(decoding: Decoding, end: number): boolean {
  const { row, input } = decoding;
  const at = input.reader.pos;
  input.reader.pos = end;
  if (end - at !== 16) return end === at;
  row.trace0 = input.view.getUint32(at);
  row.trace1 = input.view.getUint32(at + 4);
  row.trace2 = input.view.getUint32(at + 8);
  row.trace3 = input.view.getUint32(at + 12);
  return true;
}

/** Takes the span id that ends at `end`; false when it does not have 8 bytes. */
export function takeSpanId(decoding: Decoding, end: number): boolean {
  const { row, input } = decoding;
  const at = input.reader.pos;
  input.reader.pos = end;
  if (end - at !== 8) return end === at;
  row.spanHigh = input.view.getUint32(at);
  row.spanLow = input.view.getUint32(at + 4);
  return true;
}

/** Sets the row's time from a fixed64; 0 means that the origin stamped none. */
export function setTime(row: InternedRow, high: number, low: number): void {
  if (high === 0 && low === 0) return;
  if (high >= 0x80000000) throw new RejectedRecord('its time is after the year 2262');
  row.timeHigh = high;
  row.timeLow = low;
}
