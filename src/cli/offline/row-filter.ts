import type { RecordBatch } from '../../model/record/record-batch.ts';
import { RECORD_KINDS } from '../../model/record/timeline-record.ts';
import type { TimelineFilter } from '../../model/record/timeline-query.ts';

/** Whether a row of a batch fits; times are looked at where they are aligned. */
type FitsRow = (row: number) => boolean;

const ALL: FitsRow = () => true;

/** The rows of a batch that fit everything of a filter but its times. */
export function rowsThatFit(batch: RecordBatch, filter: TimelineFilter): readonly number[] {
  const tests = [
    byName(batch, batch.component, filter.components),
    byName(batch, batch.eventName, filter.eventNames),
    byName(batch, batch.host, filter.hosts),
    byName(batch, batch.service, filter.services),
    byName(batch, batch.source, filter.sources),
    byKind(batch, filter.kinds),
    bySeverity(batch, filter.minSeverity),
    byTrace(batch, filter.traceId),
    byText(batch, filter.text),
  ].filter((test) => test !== ALL);
  const rows: number[] = [];
  for (let row = 0; row < batch.rows; row += 1) {
    if (tests.every((fits) => fits(row))) rows.push(row);
  }
  return rows;
}

function byName(
  { dictionary }: RecordBatch,
  column: Uint32Array,
  names: readonly string[] | undefined,
): FitsRow {
  if (names === undefined) return ALL;
  const wanted = new Set(names);
  const indexes = new Set([...dictionary.keys()].filter((at) => wanted.has(dictionary[at] ?? '')));
  return (row) => indexes.has(column[row] ?? 0);
}

function byKind({ kind }: RecordBatch, kinds: TimelineFilter['kinds']): FitsRow {
  if (kinds === undefined) return ALL;
  return (row) => kinds.includes(RECORD_KINDS[kind[row] ?? 0] ?? 'log');
}

function bySeverity({ severity }: RecordBatch, least: number | undefined): FitsRow {
  return least === undefined ? ALL : (row) => (severity[row] ?? 0) >= least;
}

function byTrace({ traceHigh, traceLow }: RecordBatch, id: string | undefined): FitsRow {
  if (id === undefined) return ALL;
  const [high, low] = [BigInt(`0x${id.slice(0, 16)}`), BigInt(`0x${id.slice(16)}`)];
  return (row) => traceHigh[row] === high && traceLow[row] === low;
}

function byText({ body, attributes }: RecordBatch, text: string | undefined): FitsRow {
  if (text === undefined) return ALL;
  const sought = text.toLowerCase();
  return (row) =>
    (body[row] ?? '').toLowerCase().includes(sought) ||
    (attributes[row] ?? '').toLowerCase().includes(sought);
}
