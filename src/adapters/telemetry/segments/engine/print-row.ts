import type { Json, JsonObject } from '../../../../base/canonical-json.ts';
import { timeNs, toRfc3339 } from '../../../../base/time.ts';
import { ABSENT_NS } from '../../../../model/record-batch.ts';
import { RECORD_KINDS, type TimelineRecord } from '../../../../model/timeline-record.ts';
import { COLUMNS, ROW_FLAG, type ColumnName } from '../columns.ts';
import type { Row } from './duck-db.ts';
import type { FoundRecord } from './protocol.ts';

/** The select list whose rows `printRow` understands. */
export const ALL_COLUMNS = COLUMNS.map(({ name }) => name);

const INDEX_OF: ReadonlyMap<string, number> = new Map(ALL_COLUMNS.map((name, i) => [name, i]));

/** The record of a row, as it is printed everywhere. */
export function printRow(row: Row, dictionary: readonly string[]): FoundRecord {
  const cell = (name: ColumnName): unknown => row[INDEX_OF.get(name) ?? 0];
  const wide = (name: ColumnName): bigint => BigInt(String(cell(name)));
  const small = (name: ColumnName): number => Number(cell(name));
  const text = (name: ColumnName): string => String(cell(name));
  const entry = (name: ColumnName): string => dictionary[small(name)] ?? '';
  const moment = wide('moment');
  const observed = BigInt.asIntN(64, moment + wide('observed_delta'));
  const flags = small('flags');
  const hasTime = (flags & ROW_FLAG.hasTime) !== 0;
  const body = bodyOf(text('body'), (flags & ROW_FLAG.bodyIsJson) !== 0);
  const trace = hex(wide('trace_high')) + hex(wide('trace_low'));
  const [span, parent] = [wide('span'), wide('parent_span')];
  const duration = wide('duration');
  const position = text('position');
  const record: TimelineRecord = {
    id: small('seq').toString(36),
    kind: RECORD_KINDS[small('kind')] ?? 'log',
    time: hasTime ? toRfc3339(timeNs(moment)) : null,
    observedTime: toRfc3339(timeNs(observed)),
    alignedTime: toRfc3339(timeNs(moment)),
    clock: { id: entry('clock'), offsetNs: 0, method: 'none' },
    ...named('component', entry('component')),
    ...named('host', entry('host')),
    ...named('service', entry('service')),
    severity: small('severity'),
    ...named('severityText', entry('severity_text')),
    ...named('eventName', entry('event_name')),
    ...(body === undefined ? {} : { body }),
    ...named('traceId', trace === ZERO_TRACE ? '' : trace),
    ...named('spanId', span === 0n ? '' : hex(span)),
    ...named('parentSpanId', parent === 0n ? '' : hex(parent)),
    ...(duration === ABSENT_NS ? {} : { durationNs: Number(duration) }),
    resource: objectOf(entry('resource')),
    attributes: objectOf(text('attributes')),
    source: { id: entry('source'), ...named('position', position) },
  };
  return { moment, seq: small('seq'), record };
}

const ZERO_TRACE = '0'.repeat(32);

function hex(half: bigint): string {
  return half.toString(16).padStart(16, '0');
}

/** A member that is left out when its text is empty. */
function named<Name extends string>(name: Name, text: string): { readonly [N in Name]?: string } {
  return text === '' ? {} : ({ [name]: text } as { readonly [N in Name]?: string });
}

function bodyOf(text: string, isJson: boolean): Json | undefined {
  if (!isJson) return text === '' ? undefined : text;
  return parsed(text) ?? text;
}

function objectOf(text: string): JsonObject {
  if (text === '') return {};
  const value = parsed(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : {};
}

/** Normalizers write canonical JSON; what is none is shown as it is rather than lost. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
