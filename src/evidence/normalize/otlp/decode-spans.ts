import type { Json } from '../../../base/canonical-json.ts';
import { utf8Slice } from '../../../base/text-slice.ts';
import { ABSENT_HIGH } from '../../../model/record/interned-row.ts';
import { KIND_INDEX } from '../../../model/record/record-batch.ts';
import { SEVERITY } from '../../../model/record/severity.ts';
import { RejectedRecord } from './decode-failure.ts';
import { decodeAttribute } from './decode-attribute.ts';
import {
  addRow,
  beginRow,
  decodeOrReject,
  internText,
  setTime,
  takeSpanId,
  takeTraceId,
  timeText,
  writeCount,
  writeMember,
  type Decoding,
} from './decoding.ts';
import { readMessage } from './read-message.ts';
import { checkEnd, enter, skipField } from './wire.ts';

/** Fields of Span as tags, see opentelemetry/proto/trace/v1/trace.proto. */
const TRACE_ID = 0x0a;
const SPAN_ID = 0x12;
const TRACE_STATE = 0x1a;
const PARENT_SPAN_ID = 0x22;
const NAME = 0x2a;
const KIND = 0x30;
const START_TIME = 0x39;
const END_TIME = 0x41;
const ATTRIBUTES = 0x4a;
const DROPPED_ATTRIBUTES = 0x50;
const EVENTS = 0x5a;
const DROPPED_EVENTS = 0x60;
const LINKS = 0x6a;
const DROPPED_LINKS = 0x70;
const STATUS = 0x7a;
const FLAGS = 0x85;

const KINDS = ['', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_CODES = ['', 'OK', 'ERROR'] as const;
const STATUS_ERROR = 2;

/** Fields of a span that are judged once all of them are known. */
interface SpanFields {
  startHigh: number;
  startLow: number;
  endHigh: number;
  endLow: number;
  status: number;
  /** Starts and ends of the span events, in pairs. */
  events: number[];
  links: Json[];
}

/** Decodes the Span that ends at `end` into one row, and one more for each of its events. */
export function decodeSpan(decoding: Decoding, end: number): void {
  const { input, row } = decoding;
  beginRow(decoding, KIND_INDEX.span);
  const span: SpanFields = {
    startHigh: 0,
    startLow: 0,
    endHigh: 0,
    endLow: 0,
    status: 0,
    events: [],
    links: [],
  };
  while (input.reader.pos < end) {
    decodeSpanField(decoding, span, input.reader.uint32(), end);
    checkEnd(input, end);
  }
  setTime(row, span.startHigh, span.startLow);
  setDuration(decoding, span);
  if (span.status === STATUS_ERROR) row.severity = SEVERITY.error;
  if (span.links.length > 0) writeMember(decoding, decoding.memory.names.spanLinks, span.links);
  addRow(decoding);
  for (let at = 0; at < span.events.length; at += 2) {
    input.reader.pos = span.events[at] ?? end;
    const decodeEvent = span.status === STATUS_ERROR ? decodeFailedEvent : decodeFineEvent;
    decodeOrReject(decoding, span.events[at + 1] ?? end, decodeEvent);
  }
}

function decodeSpanField(decoding: Decoding, span: SpanFields, tag: number, end: number): void {
  const { input, row, memory } = decoding;
  const { reader } = input;
  switch (tag) {
    case TRACE_ID:
      if (!takeTraceId(decoding, enter(input, end))) rejectId('trace id', 16);
      return;
    case SPAN_ID:
      if (!takeSpanId(decoding, enter(input, end))) rejectId('span id', 8);
      return;
    case PARENT_SPAN_ID:
      takeParent(decoding, enter(input, end));
      return;
    case NAME: {
      const textEnd = enter(input, end);
      row.body = memory.keys.find(input.bytes, reader.pos, textEnd).text;
      reader.pos = textEnd;
      return;
    }
    case START_TIME:
      span.startLow = reader.fixed32();
      span.startHigh = reader.fixed32();
      return;
    case END_TIME:
      span.endLow = reader.fixed32();
      span.endHigh = reader.fixed32();
      return;
    case ATTRIBUTES:
      decodeAttribute(decoding, enter(input, end));
      return;
    case EVENTS: {
      const eventEnd = enter(input, end);
      span.events.push(reader.pos, eventEnd);
      reader.pos = eventEnd;
      return;
    }
    case LINKS:
      span.links.push(readMessage(input, enter(input, end), 'Link'));
      return;
    case STATUS:
      decodeStatus(decoding, span, enter(input, end));
      return;
    default:
      decodeRareField(decoding, tag, end);
  }
}

function decodeRareField(decoding: Decoding, tag: number, end: number): void {
  const { input, memory } = decoding;
  const { reader } = input;
  switch (tag) {
    case KIND: {
      const kind = KINDS[reader.int32()];
      if (kind !== undefined && kind !== '') writeMember(decoding, memory.names.spanKind, kind);
      return;
    }
    case TRACE_STATE: {
      const textEnd = enter(input, end);
      const text = utf8Slice(input.bytes, reader.pos, textEnd);
      if (text !== '') writeMember(decoding, memory.names.traceState, text);
      reader.pos = textEnd;
      return;
    }
    case DROPPED_ATTRIBUTES:
      return writeCount(decoding, memory.names.droppedAttributes, reader.uint32());
    case DROPPED_EVENTS:
      return writeCount(decoding, memory.names.droppedEvents, reader.uint32());
    case DROPPED_LINKS:
      return writeCount(decoding, memory.names.droppedLinks, reader.uint32());
    case FLAGS:
      return writeCount(decoding, memory.names.traceFlags, reader.fixed32());
    default:
      skipField(input, tag, end);
  }
}

// An exception of a span that went well was handled.
const decodeFailedEvent = (decoding: Decoding, end: number): void =>
  decodeSpanEvent(decoding, end, SEVERITY.error);
const decodeFineEvent = (decoding: Decoding, end: number): void =>
  decodeSpanEvent(decoding, end, SEVERITY.warn);

/** An event row has the span's ids and resource, and its own name, time and attributes. */
function decodeSpanEvent(decoding: Decoding, end: number, exceptionSeverity: number): void {
  const { input, row, memory } = decoding;
  const { reader } = input;
  const ids = [row.trace0, row.trace1, row.trace2, row.trace3, row.spanHigh, row.spanLow] as const;
  beginRow(decoding, KIND_INDEX.log);
  [row.trace0, row.trace1, row.trace2, row.trace3, row.spanHigh, row.spanLow] = ids;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x09) {
      const low = reader.fixed32();
      setTime(row, reader.fixed32(), low);
    } else if (tag === 0x12) {
      row.eventName = internText(decoding, enter(input, end));
    } else if (tag === 0x1a) {
      decodeAttribute(decoding, enter(input, end));
    } else if (tag === 0x20) {
      writeCount(decoding, memory.names.droppedAttributes, reader.uint32());
    } else {
      skipField(input, tag, end);
    }
    checkEnd(input, end);
  }
  if (row.eventName !== 0) row.kind = KIND_INDEX.event;
  if (row.eventName === decoding.builder.intern('exception')) row.severity = exceptionSeverity;
  addRow(decoding);
}

function decodeStatus(decoding: Decoding, span: SpanFields, end: number): void {
  const { input, memory } = decoding;
  const { reader } = input;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x12) {
      const textEnd = enter(input, end);
      const text = utf8Slice(input.bytes, reader.pos, textEnd);
      if (text !== '') writeMember(decoding, memory.names.statusDescription, text);
      reader.pos = textEnd;
    } else if (tag === 0x18) {
      span.status = reader.int32();
      const code = STATUS_CODES[span.status];
      if (code !== undefined && code !== '') writeMember(decoding, memory.names.statusCode, code);
    } else {
      skipField(input, tag, end);
    }
    checkEnd(input, end);
  }
}

function takeParent(decoding: Decoding, end: number): void {
  const { row, input } = decoding;
  const at = input.reader.pos;
  input.reader.pos = end;
  if (end === at) return;
  if (end - at !== 8) rejectId('parent span id', 8);
  row.parentHigh = input.view.getUint32(at);
  row.parentLow = input.view.getUint32(at + 4);
}

function rejectId(what: string, bytes: number): never {
  throw new RejectedRecord(`its ${what} does not have ${bytes} bytes`);
}

/** End minus start in 64 bits. A clock that stepped back inside a span leaves both times. */
function setDuration(decoding: Decoding, span: SpanFields): void {
  const { row } = decoding;
  if (span.endHigh === 0 && span.endLow === 0) return;
  const low = span.endLow - span.startLow;
  const high = span.endHigh - span.startHigh - (low < 0 ? 1 : 0);
  if (high < 0 || high >= ABSENT_HIGH || row.timeHigh === ABSENT_HIGH) {
    const text = timeText(span.endHigh, span.endLow);
    if (text !== undefined) writeMember(decoding, decoding.memory.names.spanEndTime, text);
    return;
  }
  row.durationLow = low >>> 0;
  row.durationHigh = high;
}
