import type { Json, JsonObject } from '../../../base/canonical-json.ts';
import { isJsonObject } from '../../../base/parse-json.ts';
import { timeNs, toRfc3339 } from '../../../base/time.ts';
import { KIND_INDEX } from '../../../model/record/record-batch.ts';
import { RejectedRecord } from './decode-failure.ts';
import {
  addRow,
  beginRow,
  decodeOrReject,
  setTime,
  writeMember,
  type Decoding,
} from './decoding.ts';
import type { MessageName } from './otlp-schema.ts';
import { readMessage } from './read-message.ts';
import { checkEnd, enter, skipField } from './wire.ts';

/** Fields of Metric as tags, see opentelemetry/proto/metrics/v1/metrics.proto. */
const NAME = 0x0a;
const DESCRIPTION = 0x12;
const UNIT = 0x1a;

/** The kinds of metrics: their tag in Metric, the message of their points. */
const TYPES: ReadonlyMap<number, { readonly type: string; readonly point: MessageName }> = new Map([
  [0x2a, { type: 'gauge', point: 'NumberDataPoint' }],
  [0x3a, { type: 'sum', point: 'NumberDataPoint' }],
  [0x4a, { type: 'histogram', point: 'HistogramDataPoint' }],
  [0x52, { type: 'exponential_histogram', point: 'ExponentialHistogramDataPoint' }],
  [0x5a, { type: 'summary', point: 'SummaryDataPoint' }],
]);

const POINTS = 0x0a;
const TEMPORALITY = 0x10;
const MONOTONIC = 0x18;

const TEMPORALITIES = ['', 'delta', 'cumulative'] as const;

/** The flag of a point that says "there is no value" (DataPointFlags). */
const NO_RECORDED_VALUE = 1;

/** What the points of a metric share. */
interface MetricHead {
  name: string;
  description: string;
  unit: string;
  type: string;
  temporality: string;
  isMonotonic: boolean | undefined;
}

/** Decodes the Metric that ends at `end` into one row a data point. */
export function decodeMetric(decoding: Decoding, end: number): void {
  const { input, memory } = decoding;
  const { reader } = input;
  const head: MetricHead = {
    name: '',
    description: '',
    unit: '',
    type: '',
    temporality: '',
    isMonotonic: undefined,
  };
  let points:
    | { readonly start: number; readonly end: number; readonly of: MessageName }
    | undefined;
  const text = (): string => {
    const textEnd = enter(input, end);
    const found = memory.keys.find(input.bytes, reader.pos, textEnd).text;
    reader.pos = textEnd;
    return found;
  };
  while (reader.pos < end) {
    const tag = reader.uint32();
    const type = TYPES.get(tag);
    if (tag === NAME) head.name = text();
    else if (tag === DESCRIPTION) head.description = text();
    else if (tag === UNIT) head.unit = text();
    else if (type !== undefined) {
      const typeEnd = enter(input, end);
      head.type = type.type;
      points = { start: reader.pos, end: typeEnd, of: type.point };
      reader.pos = typeEnd;
    } else skipField(input, tag, end);
  }
  if (points === undefined) throw new RejectedRecord('the metric has no data');
  reader.pos = points.start;
  decodePoints(decoding, points.end, points.of, head);
}

function decodePoints(decoding: Decoding, end: number, of: MessageName, head: MetricHead): void {
  const { input } = decoding;
  const { reader } = input;
  const places: number[] = [];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === POINTS) {
      const pointEnd = enter(input, end);
      places.push(reader.pos, pointEnd);
      reader.pos = pointEnd;
    } else if (tag === TEMPORALITY && of !== 'SummaryDataPoint') {
      head.temporality = TEMPORALITIES[reader.int32()] ?? '';
    } else if (tag === MONOTONIC && head.type === 'sum') {
      head.isMonotonic = reader.bool();
    } else {
      skipField(input, tag, end);
    }
    checkEnd(input, end);
  }
  // False is the default and therefore not sent.
  if (head.type === 'sum') head.isMonotonic ??= false;
  const decodePoint = (each: Decoding, pointEnd: number): void =>
    addPoint(each, readMessage(each.input, pointEnd, of), head);
  for (let at = 0; at < places.length; at += 2) {
    reader.pos = places[at] ?? end;
    decodeOrReject(decoding, places[at + 1] ?? end, decodePoint);
  }
}

function addPoint(decoding: Decoding, point: JsonObject, head: MetricHead): void {
  const { memory, row } = decoding;
  const { names } = memory;
  beginRow(decoding, KIND_INDEX.metric);
  setPointTime(decoding, point['timeUnixNano']);
  const attributes = point['attributes'];
  for (const [key, value] of Object.entries(isJsonObject(attributes) ? attributes : {})) {
    writeMember(decoding, memory.keys.of(key), value);
    if (key === 'log.record.uid' && typeof value === 'string') row.uid = value;
  }
  const write = (key: keyof typeof names, value: Json | undefined): void => {
    if (value !== undefined && value !== '') writeMember(decoding, names[key], value);
  };
  write('metricName', head.name);
  write('metricDescription', head.description);
  write('metricUnit', head.unit);
  write('metricType', head.type);
  write('metricTemporality', head.temporality);
  write('metricMonotonic', head.isMonotonic);
  write('metricStartTime', instant(point['startTimeUnixNano']));
  const flags = typeof point['flags'] === 'number' ? point['flags'] : 0;
  if ((flags & NO_RECORDED_VALUE) === 1) write('metricNoValue', true);
  else writePointValue(write, point, head.type);
  const exemplars = point['exemplars'];
  if (Array.isArray(exemplars)) write('metricExemplars', exemplars.map(readableTime));
  addRow(decoding);
}

type WriteMember = (
  key: 'metricValue' | 'metricHistogram' | 'metricSummary',
  value: Json | undefined,
) => void;

function writePointValue(write: WriteMember, point: JsonObject, type: string): void {
  if (type === 'gauge' || type === 'sum') {
    // The oneof's member is always on the wire; a point without one has no value.
    write('metricValue', point['asDouble'] ?? point['asInt']);
    return;
  }
  const { ...rest }: Record<string, Json> = point;
  for (const name of ['attributes', 'startTimeUnixNano', 'timeUnixNano', 'exemplars', 'flags']) {
    delete rest[name];
  }
  write(type === 'summary' ? 'metricSummary' : 'metricHistogram', { count: 0, ...rest });
}

function readableTime(exemplar: Json): Json {
  if (!isJsonObject(exemplar)) return exemplar;
  const { timeUnixNano, ...rest } = exemplar;
  const time = instant(timeUnixNano);
  return time === undefined ? rest : { ...rest, time };
}

/** A 64-bit time of a read message: a number where exact, else digits. */
function setPointTime(decoding: Decoding, time: Json | undefined): void {
  const ns = nanoseconds(time);
  setTime(decoding.row, Number(ns >> 32n), Number(ns & 0xffff_ffffn));
}

function instant(time: Json | undefined): string | undefined {
  const ns = nanoseconds(time);
  return ns === 0n ? undefined : toRfc3339(timeNs(ns));
}

function nanoseconds(time: Json | undefined): bigint {
  return typeof time === 'number' || typeof time === 'string' ? BigInt(time) : 0n;
}
