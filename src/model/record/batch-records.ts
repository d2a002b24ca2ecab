import {
  alignMoment,
  boundOfStamp,
  NO_OVERLAY,
  type ClockOverlay,
} from '../evidence/clock-overlay.ts';
import { timeNs, toRfc3339 } from '../../base/time.ts';
import { ABSENT_NS, type RecordBatch } from './record-batch.ts';
import { bodyOf, named, objectOf, spanText, traceText } from './record-parts.ts';
import { RECORD_KINDS, type TimelineRecord } from './timeline-record.ts';

/**
 * The records of a batch as they are printed everywhere, for commands that work on files. `first`
 * numbers them: their ids are valid within one output only.
 */
export function batchRecords(batch: RecordBatch, first: number): readonly TimelineRecord[] {
  return Array.from({ length: batch.rows }, (_, row) => batchRecord(batch, row, first + row));
}

/** One of them, as one version of the overlay corrects it. */
export function batchRecord(
  batch: RecordBatch,
  row: number,
  number: number,
  overlay: ClockOverlay = NO_OVERLAY,
): TimelineRecord {
  const word = (column: Uint32Array): string => batch.dictionary[column[row] ?? 0] ?? '';
  const time = batch.timeNs[row] ?? ABSENT_NS;
  const observed = timeNs(batch.observedNs[row] ?? 0n);
  const duration = batch.durationNs[row] ?? ABSENT_NS;
  const body = bodyOf(batch.body[row] ?? '', batch.bodyIsJson[row] === 1);
  const hasTime = time !== ABSENT_NS;
  const clock = word(batch.clock);
  const { alignedNs, piece } = hasTime
    ? alignMoment(overlay.clocks.get(clock), time, observed)
    : { alignedNs: observed, piece: undefined };
  const boundNs = boundOfStamp(piece, time);
  return {
    id: number.toString(36),
    kind: RECORD_KINDS[batch.kind[row] ?? 0] ?? 'log',
    time: hasTime ? toRfc3339(timeNs(time)) : null,
    observedTime: toRfc3339(observed),
    alignedTime: toRfc3339(timeNs(alignedNs)),
    clock: {
      id: clock,
      offsetNs: hasTime ? Number(time - alignedNs) : 0,
      ...(boundNs === undefined ? {} : { boundNs: Number(boundNs) }),
      method: piece?.method ?? 'none',
    },
    ...named('component', word(batch.component)),
    ...named('host', word(batch.host)),
    ...named('service', word(batch.service)),
    severity: batch.severity[row] ?? 0,
    ...named('severityText', word(batch.severityText)),
    ...named('eventName', word(batch.eventName)),
    ...(body === undefined ? {} : { body }),
    ...named('traceId', traceText(batch.traceHigh[row] ?? 0n, batch.traceLow[row] ?? 0n)),
    ...named('spanId', spanText(batch.span[row] ?? 0n)),
    ...named('parentSpanId', spanText(batch.parentSpan[row] ?? 0n)),
    ...(duration === ABSENT_NS ? {} : { durationNs: Number(duration) }),
    resource: objectOf(word(batch.resource)),
    attributes: objectOf(batch.attributes[row] ?? ''),
    source: { id: word(batch.source), ...named('position', batch.position[row] ?? '') },
  };
}
