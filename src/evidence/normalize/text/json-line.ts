import { canonicalJson, type Json } from '../../../base/canonical-json.ts';
import { timeNs, type TimeNs } from '../../../base/time.ts';
import { isJsonObject, parseJsonObject } from '../../../base/parse-json.ts';
import { SEVERITY_OF_SYSLOG, severityName } from '../../../model/record/severity.ts';
import { severityOfWord } from '../severity-words.ts';
import type { ZoneMinutes } from './civil-time.ts';
import { leadingTime } from './leading-time.ts';
import type { LineFields } from './line-fields.ts';

/** Members that loggers use for the same thing; the first one that fits is taken. */
const NAMES = {
  time: [
    'timestamp',
    'time',
    'ts',
    '@timestamp',
    'datetime',
    'Timestamp',
    'eventTime',
    'Time',
    'ISODATE',
    'DATE',
  ],
  level: [
    'level',
    'severity',
    'lvl',
    'severityText',
    'severity_text',
    'SeverityText',
    'log.level',
    'loglevel',
    'levelname',
    'error_severity',
  ],
  number: ['severityNumber', 'severity_number', 'SeverityNumber'],
  message: ['msg', 'message', 'body', 'Body', 'event'],
  trace: ['trace_id', 'traceId', 'TraceId', 'traceid', 'trace.id', 'otelTraceID'],
  span: ['span_id', 'spanId', 'SpanId', 'spanid', 'span.id', 'otelSpanID'],
  service: ['service.name', 'service', 'service_name', 'serviceName'],
  host: ['hostname', 'host.name', 'host'],
  event: ['eventName', 'event_name', 'EventName', 'event.name'],
} as const;

/** Longer lines are kept as text: nobody reads their members. */
const LINE_CHARS_MAX = 1_048_576;

/**
 * Reads a line that is one JSON object, as pino, zap, logrus, structlog, Log4j and the OTel SDKs
 * write them; undefined when the line is none. Members without a place of their own stay
 * attributes under their names.
 */
export function jsonLine(
  line: string,
  observedNs: TimeNs,
  zoneMinutes: ZoneMinutes,
): LineFields | undefined {
  if (!line.startsWith('{') || line.length > LINE_CHARS_MAX) return undefined;
  const members = parseJsonObject(line);
  if (members === undefined) return undefined;
  const left = new Map(Object.entries(members));
  const time = take(left, NAMES.time, (value) => timeOf(value, observedNs, zoneMinutes));
  const number = take(left, NAMES.number, severityNumber);
  const level = take(left, NAMES.level, levelOf);
  const service = take(left, NAMES.service, serviceOf);
  const host = take(left, NAMES.host, textOf);
  const message = takeMessage(left);
  const trace = take(left, NAMES.trace, (value) => hexOf(value, 32));
  const span = take(left, NAMES.span, (value) => hexOf(value, 16));
  const eventName = take(left, NAMES.event, textOf);
  spreadError(left);
  const resource: Record<string, Json> = {};
  if (service !== undefined) resource['service.name'] = service;
  if (host !== undefined) resource['host.name'] = host;
  return {
    kind: eventName === undefined ? 'log' : 'event',
    timeNs: time,
    severity: number ?? level?.severity,
    severityText: level?.text,
    eventName,
    traceHigh: trace === undefined ? undefined : BigInt(`0x${trace.slice(0, 16)}`),
    traceLow: trace === undefined ? undefined : BigInt(`0x${trace.slice(16)}`),
    span: span === undefined ? undefined : BigInt(`0x${span}`),
    body: message ?? line,
    bodyIsJson: false,
    attributes: Object.fromEntries(left),
    resource,
  };
}

/** Takes the first member of these names that `read` understands out of the map. */
function take<Value>(
  left: Map<string, Json>,
  names: readonly string[],
  read: (value: Json) => Value | undefined,
): Value | undefined {
  for (const name of names) {
    const value = left.get(name);
    const found = value === undefined ? undefined : read(value);
    if (found === undefined) continue;
    left.delete(name);
    return found;
  }
  return undefined;
}

function takeMessage(left: Map<string, Json>): string | undefined {
  return take(left, NAMES.message, (value) => (typeof value === 'string' ? value : undefined));
}

function textOf(value: Json): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function serviceOf(value: Json): string | undefined {
  return isJsonObject(value) ? textOf(value['name'] ?? null) : textOf(value);
}

/** Bounds that tell seconds from milli-, micro- and nanoseconds: each 1970 to about 5138. */
const UNITS: readonly (readonly [below: number, nsPerUnit: number])[] = [
  [1e11, 1e9],
  [1e14, 1e6],
  [1e17, 1e3],
  [9e18, 1],
];

function timeOf(value: Json, observedNs: TimeNs, zoneMinutes: ZoneMinutes): TimeNs | undefined {
  if (typeof value === 'number') return epochTime(value);
  if (typeof value !== 'string') return undefined;
  if (/^\d{10,19}$/.test(value)) {
    return value.length === 19 ? timeNs(BigInt(value)) : epochTime(Number(value));
  }
  // `$msec` of nginx.
  if (/^[12]\d{9}\.\d{1,9}$/.test(value)) {
    return timeNs(BigInt(value.replace('.', '').padEnd(19, '0')));
  }
  return leadingTime(value, observedNs, zoneMinutes)?.time;
}

function epochTime(value: number): TimeNs | undefined {
  // Small numbers are seconds since the start of a program, not since 1970.
  if (!Number.isFinite(value) || value < 1e8) return undefined;
  const unit = UNITS.find(([below]) => value < below);
  if (unit === undefined) return undefined;
  const whole = Math.floor(value);
  const rest = Math.round((value - whole) * unit[1]);
  return timeNs(BigInt(whole) * BigInt(unit[1]) + BigInt(rest));
}

function severityNumber(value: Json): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) return undefined;
  return number >= 1 && number <= 24 ? number : undefined;
}

/** pino's levels by their tens. */
const PINO: Readonly<Record<number, number>> = { 1: 1, 2: 5, 3: 9, 4: 13, 5: 17, 6: 21 };

function levelOf(value: Json): { severity: number; text: string } | undefined {
  if (typeof value === 'string') {
    const severity = severityOfWord(value);
    return severity === undefined ? undefined : { severity, text: value };
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  // Numbers to 7 are those of syslog (GELF), from 10 those of pino and bunyan.
  const severity = value < 8 ? SEVERITY_OF_SYSLOG[value] : PINO[Math.floor(value / 10)];
  return severity === undefined ? undefined : { severity, text: severityName(severity) };
}

function hexOf(value: Json, digits: number): string | undefined {
  if (typeof value !== 'string' || value.length !== digits) return undefined;
  return /^[0-9a-fA-F]+$/.test(value) && !/^0+$/.test(value) ? value : undefined;
}

/** An error object becomes the exception attributes of OTel, which detection reads. */
function spreadError(left: Map<string, Json>): void {
  for (const name of ['err', 'error']) {
    const error = left.get(name);
    if (error === undefined || !isJsonObject(error)) continue;
    const { type, message, stack, ...rest } = error;
    if (typeof message !== 'string' && typeof stack !== 'string') continue;
    left.delete(name);
    if (typeof type === 'string') left.set('exception.type', type);
    if (typeof message === 'string') left.set('exception.message', message);
    if (typeof stack === 'string') left.set('exception.stacktrace', stack);
    if (canonicalJson(rest) !== '{}') left.set(name, rest);
    return;
  }
}
