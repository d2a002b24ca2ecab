import { timeNs, toRfc3339 } from '../../../../base/time.ts';
import { ABSENT_NS } from '../../../../model/record/record-batch.ts';
import {
  bodyOf,
  named,
  objectOf,
  spanText,
  traceText,
} from '../../../../model/record/record-parts.ts';
import { RECORD_KINDS, type TimelineRecord } from '../../../../model/record/timeline-record.ts';
import { COLUMNS, ROW_FLAG, type ColumnName } from '../columns.ts';
import type { Row } from './duck-db.ts';
import type { FoundRecord } from './protocol.ts';

/** The select list whose rows `printRow` understands. */
export const ALL_COLUMNS = COLUMNS.map(({ name }) => name);

const INDEX_OF: ReadonlyMap<string, number> = new Map(ALL_COLUMNS.map((name, i) => [name, i]));

/** The record of a row, as it is printed everywhere, with its time as it was stamped. */
export function printRow(row: Row, dictionary: readonly string[]): FoundRecord {
  const cell = (name: ColumnName): unknown => row[INDEX_OF.get(name) ?? 0];
  const wide = (name: ColumnName): bigint => BigInt(String(cell(name)));
  const small = (name: ColumnName): number => Number(cell(name));
  const text = (name: ColumnName): string => String(cell(name));
  const entry = (name: ColumnName): string => dictionary[small(name)] ?? '';
  const moment = wide('moment');
  const observed = wide('observed');
  const flags = small('flags');
  const hasTime = (flags & ROW_FLAG.hasTime) !== 0;
  const body = bodyOf(text('body'), (flags & ROW_FLAG.bodyIsJson) !== 0);
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
    ...named('traceId', traceText(wide('trace_high'), wide('trace_low'))),
    ...named('spanId', spanText(wide('span'))),
    ...named('parentSpanId', spanText(wide('parent_span'))),
    ...(duration === ABSENT_NS ? {} : { durationNs: Number(duration) }),
    resource: objectOf(entry('resource')),
    attributes: objectOf(text('attributes')),
    source: { id: entry('source'), ...named('position', position) },
  };
  return { moment, raw: moment, observed, seq: small('seq'), record };
}
