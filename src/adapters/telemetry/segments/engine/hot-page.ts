import type { Packed, PackedBatch, PackedTexts } from '../batch-layout.ts';
import { TEXT_SHAPE } from '../batch-layout.ts';
import { COLUMNS, ROW_FLAG, type ColumnName } from '../columns.ts';
import { componentOrder, permuted, runsOf, type Run } from './component-runs.ts';

/** One column's values, PLAIN. */
type Column = Uint8Array;

/** A batch as columns of the hot table, and what its queries are pruned by. */
export interface HotPage {
  readonly rows: number;
  /** One for each of `COLUMNS`. */
  readonly columns: readonly Column[];
  readonly minMoment: bigint;
  readonly maxMoment: bigint;
  /** Stretches of rows of one component each, in order. */
  readonly runs: readonly Run[];
}

/** The high half of `ABSENT_NS`; its low half is 0. */
const ABSENT_HIGH = 0x80000000;

/**
 * Turns a batch into Parquet pages. Texts pass untouched, times are derived as pairs of 32-bit
 * words (a bigint per row would cost more than all the rest), dictionary indexes are mapped to the
 * hot table's own by `intern`.
 */
export function hotPage(
  batch: PackedBatch,
  lsn: number,
  sender: number,
  intern: (text: string) => number,
): HotPage {
  const { rows, wide, indexes, bytes, texts } = batch;
  const mapped = Uint32Array.from(batch.dictionary, intern);
  const index = (column: Packed<Uint32Array>): Column => mapIndexes(column, mapped, rows);
  const { moment, flags } = times(batch);
  const byName: Readonly<Record<ColumnName, Column>> = {
    seq: sequence(lsn, rows),
    moment: new Uint8Array(moment.buffer),
    observed: spread(wide.observedNs, rows, 8),
    duration: spread(wide.durationNs, rows, 8),
    trace_high: spread(wide.traceHigh, rows, 8),
    trace_low: spread(wide.traceLow, rows, 8),
    span: spread(wide.span, rows, 8),
    parent_span: spread(wide.parentSpan, rows, 8),
    component: index(indexes.component),
    host: index(indexes.host),
    service: index(indexes.service),
    severity_text: index(indexes.severityText),
    event_name: index(indexes.eventName),
    resource: index(indexes.resource),
    source: index(indexes.source),
    clock: index(indexes.clock),
    sender: bytesOf(new Uint32Array(rows).fill(sender)),
    kind: widen(bytes.kind, rows),
    severity: widen(bytes.severity, rows),
    flags,
    body: textPage(texts.body, rows),
    attributes: textPage(texts.attributes, rows),
    position: textPage(texts.position, rows),
    uid: textPage(texts.uid, rows),
  };
  const columns = COLUMNS.map(({ name }) => byName[name]);
  const component = words(byName.component);
  const extent = range(moment);
  if (component.every((each) => each === component[0])) {
    const textStarts = [0, 0, 0, 0];
    const run = { component: component[0] ?? 0, row: 0, rows, moment: moment[0] ?? 0n, textStarts };
    return { rows, columns, ...extent, runs: [run] };
  }
  const arranged = permuted(columns, componentOrder(component));
  const runs = runsOf(arranged, words(columnOf(arranged, 'component')), wideOf(arranged, 'moment'));
  return { rows, columns: arranged, ...extent, runs };
}

function columnOf(columns: readonly Column[], name: ColumnName): Column {
  return columns[COLUMNS.findIndex((column) => column.name === name)] ?? new Uint8Array();
}

function wideOf(columns: readonly Column[], name: ColumnName): BigInt64Array {
  const column = columnOf(columns, name);
  return new BigInt64Array(column.buffer, column.byteOffset, column.length / 8);
}

interface Times {
  readonly moment: BigInt64Array<ArrayBuffer>;
  readonly flags: Column;
}

function times({ rows, wide, bytes }: PackedBatch): Times {
  const time = words(spread(wide.timeNs, rows, 8));
  const observed = words(spread(wide.observedNs, rows, 8));
  const json = bytes.bodyIsJson;
  const moment = new Uint32Array(2 * rows);
  const flags = new Uint32Array(rows);
  for (let row = 0, at = 0; row < rows; row += 1, at += 2) {
    const absent = time[at] === 0 && time[at + 1] === ABSENT_HIGH;
    const from = absent ? observed : time;
    moment[at] = from[at] ?? 0;
    moment[at + 1] = from[at + 1] ?? 0;
    const isJson = json.values[json.constant ? 0 : row] === 1;
    flags[row] = (absent ? 0 : ROW_FLAG.hasTime) | (isJson ? ROW_FLAG.bodyIsJson : 0);
  }
  return {
    moment: new BigInt64Array(moment.buffer),
    flags: bytesOf(flags),
  };
}

function range(moment: BigInt64Array): Pick<HotPage, 'minMoment' | 'maxMoment'> {
  let minMoment = moment[0] ?? 0n;
  let maxMoment = minMoment;
  for (const value of moment) {
    if (value < minMoment) minMoment = value;
    else if (value > maxMoment) maxMoment = value;
  }
  return { minMoment, maxMoment };
}

function sequence(lsn: number, rows: number): Column {
  const column = new Uint32Array(2 * rows);
  const high = Math.floor(lsn / 2 ** 32);
  const low = lsn % 2 ** 32;
  for (let row = 0; row < rows; row += 1) {
    const value = low + row;
    column[2 * row] = value;
    column[2 * row + 1] = value < 2 ** 32 ? high : high + 1;
  }
  return bytesOf(column);
}

/** One value per row, also where the batch has one for all. */
function spread({ constant, values }: Packed<Uint8Array>, rows: number, width: number): Column {
  if (!constant) return values;
  const column = new Uint8Array(rows * width);
  if (values.every((byte) => byte === 0)) return column;
  for (let row = 0; row < rows; row += 1) column.set(values, row * width);
  return column;
}

function mapIndexes(
  { constant, values }: Packed<Uint32Array>,
  mapped: Uint32Array,
  rows: number,
): Column {
  const column = new Uint32Array(rows);
  if (constant) column.fill(mapped[values[0] ?? 0] ?? 0);
  else for (let row = 0; row < rows; row += 1) column[row] = mapped[values[row] ?? 0] ?? 0;
  return bytesOf(column);
}

/** Parquet has no integers of one byte: they are kept in four. */
function widen({ constant, values }: Packed<Uint8Array>, rows: number): Column {
  const column = new Uint32Array(rows);
  if (constant) column.fill(values[0] ?? 0);
  else column.set(values);
  return bytesOf(column);
}

function textPage({ shape, plain }: PackedTexts, rows: number): Column {
  // An empty text is its length, four bytes of zero.
  return shape === TEXT_SHAPE.empty ? new Uint8Array(4 * rows) : plain;
}

function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

function bytesOf(words32: Uint32Array<ArrayBuffer>): Column {
  return new Uint8Array(words32.buffer, words32.byteOffset, words32.byteLength);
}
