import { canonicalJson } from '../../../base/canonical-json.ts';
import { utf8Slice } from '../../../base/text-slice.ts';
import { KIND_INDEX } from '../../../model/record/record-batch.ts';
import { severityOfWord } from '../severity-words.ts';
import { readAnyValue } from './decode-any-value.ts';
import { decodeAttribute } from './decode-attribute.ts';
import {
  addRow,
  beginRow,
  internText,
  setTime,
  takeSpanId,
  takeTraceId,
  timeText,
  writeCount,
  writeMember,
  type Decoding,
} from './decoding.ts';
import { checkEnd, enter, skipField } from './wire.ts';

/** Fields of LogRecord as tags, see opentelemetry/proto/logs/v1/logs.proto. */
const TIME = 0x09;
const SEVERITY_NUMBER = 0x10;
const SEVERITY_TEXT = 0x1a;
const BODY = 0x2a;
const ATTRIBUTES = 0x32;
const DROPPED = 0x38;
const FLAGS = 0x45;
const TRACE_ID = 0x4a;
const SPAN_ID = 0x52;
const OBSERVED_TIME = 0x59;
const EVENT_NAME = 0x62;

/** Decodes the LogRecord that ends at `end` into one row. */
export function decodeLogRecord(decoding: Decoding, end: number): void {
  const { input } = decoding;
  beginRow(decoding, KIND_INDEX.log);
  while (input.reader.pos < end) {
    decodeLogField(decoding, input.reader.uint32(), end);
    checkEnd(input, end);
  }
  finishSeverity(decoding);
  finishObservedTime(decoding);
  finishEventName(decoding);
  addRow(decoding);
}

function decodeLogField(decoding: Decoding, tag: number, end: number): void {
  const { input, row, memory } = decoding;
  const { reader } = input;
  switch (tag) {
    case TIME: {
      const low = reader.fixed32();
      setTime(row, reader.fixed32(), low);
      return;
    }
    case OBSERVED_TIME:
      decoding.observedLow = reader.fixed32();
      decoding.observedHigh = reader.fixed32();
      return;
    case SEVERITY_NUMBER:
      row.severity = severityNumber(reader.int32());
      return;
    case SEVERITY_TEXT: {
      const textEnd = enter(input, end);
      decoding.severityText = memory.keys.find(input.bytes, reader.pos, textEnd).text;
      reader.pos = textEnd;
      return;
    }
    case BODY:
      decodeBody(decoding, enter(input, end));
      return;
    case ATTRIBUTES:
      decodeAttribute(decoding, enter(input, end));
      return;
    case DROPPED:
      writeCount(decoding, memory.names.droppedAttributes, reader.uint32());
      return;
    case FLAGS:
      writeCount(decoding, memory.names.traceFlags, reader.fixed32());
      return;
    case TRACE_ID:
      // The specification: an id of another length means that the record has no trace.
      takeTraceId(decoding, enter(input, end));
      return;
    case SPAN_ID:
      takeSpanId(decoding, enter(input, end));
      return;
    case EVENT_NAME:
      row.eventName = internText(decoding, enter(input, end));
      return;
    default:
      skipField(input, tag, end);
  }
}

function decodeBody(decoding: Decoding, end: number): void {
  const { input, row } = decoding;
  const { reader } = input;
  if (reader.pos < end && input.bytes[reader.pos] === 0x0a) {
    const start = reader.pos;
    reader.pos += 1;
    const textEnd = enter(input, end);
    if (textEnd === end) {
      row.body = utf8Slice(input.bytes, reader.pos, end);
      row.bodyIsJson = 0;
      reader.pos = end;
      return;
    }
    reader.pos = start;
  }
  const value = readAnyValue(input, end, 0);
  row.bodyIsJson = typeof value === 'string' || value === null ? 0 : 1;
  row.body = typeof value === 'string' ? value : value === null ? '' : canonicalJson(value);
}

/** Numbers beyond the enumeration say nothing about severity: unspecified. */
function severityNumber(value: number): number {
  return value >= 0 && value <= 24 ? value : 0;
}

/** Many senders set only the text; the number follows from it then. */
function finishSeverity(decoding: Decoding): void {
  const { row, builder, severityText } = decoding;
  if (severityText === '') return;
  row.severityText = builder.intern(severityText);
  if (row.severity === 0) row.severity = severityOfWord(severityText) ?? 0;
}

/** Our column holds when we saw the record; an earlier observer's time is kept if it differs. */
function finishObservedTime(decoding: Decoding): void {
  const { row, observedHigh, observedLow } = decoding;
  if (observedLow === row.timeLow && observedHigh === row.timeHigh) return;
  const observed = timeText(observedHigh, observedLow);
  if (observed !== undefined) writeMember(decoding, decoding.memory.names.observedTime, observed);
}

/** A log with an event name is an event, also with the name at its old place, an attribute. */
function finishEventName(decoding: Decoding): void {
  const { row, builder } = decoding;
  if (row.eventName === 0) row.eventName = builder.intern(decoding.eventName);
  if (row.eventName !== 0) row.kind = KIND_INDEX.event;
}
