import type { Json, JsonObject } from '../../../base/canonical-json.ts';
import { looseText } from '../../../base/text-slice.ts';
import { timeNs, type TimeNs } from '../../../base/time.ts';
import { SEVERITY_OF_SYSLOG } from '../../../model/severity.ts';
import type {
  NormalizerContext,
  NormalizerFactory,
  Normalized,
} from '../../../ports/normalizer.ts';
import { LineStream, type StreamLine } from '../line-stream.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { addFields } from '../text/add-line.ts';
import type { LineFields } from '../text/line-fields.ts';

/** The record separator that starts each entry of `-o json-seq` (RFC 7464). */
const RECORD_SEPARATOR = /^\u001e/;

/** Fields of the journal that have a name of OpenTelemetry. */
const ATTRIBUTE_NAMES: Readonly<Record<string, string>> = {
  _PID: 'process.pid',
  _EXE: 'process.executable.path',
  _COMM: 'process.executable.name',
  _CMDLINE: 'process.command_line',
  CODE_FILE: 'code.file.path',
  CODE_LINE: 'code.line.number',
  CODE_FUNC: 'code.function.name',
};

/** Fields that are told by columns. */
const TOLD = new Set(['MESSAGE', 'PRIORITY', '__CURSOR', '_HOSTNAME', '__REALTIME_TIMESTAMP']);

/** The format `journal-json`: `journalctl -o json` and `-o json-seq`, one entry a line. */
export const journalJsonNormalizer: NormalizerFactory = (context) => {
  const lines = new LineStream();
  return {
    push: (bytes) => normalize(lines.push(bytes), context),
    end: () => normalize(lines.end(), context),
  };
};

function normalize(lines: readonly StreamLine[], context: NormalizerContext): Normalized {
  const parts = new NormalizedParts();
  const observedNs = context.observedNs();
  for (const { text } of lines) {
    const line = text.replace(RECORD_SEPARATOR, '');
    if (line.trim() === '') continue;
    const entry = parseEntry(line);
    if (entry === undefined) {
      const reason = 'no entry of the journal: a JSON object with __REALTIME_TIMESTAMP is expected';
      parts.reject(reason, line);
      continue;
    }
    const position = textOf(entry['__CURSOR']);
    const origin = {
      observedNs,
      attributes: {},
      resource: {},
      ...(position === undefined ? {} : { position }),
    };
    addFields(fieldsOf(entry), origin, context, parts.rows);
  }
  return parts.done();
}

function parseEntry(line: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return isEntry(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(parsed: unknown): parsed is JsonObject {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return false;
  return '__REALTIME_TIMESTAMP' in parsed && instant(parsed.__REALTIME_TIMESTAMP) !== undefined;
}

/**
 * The time of the sender (`_SOURCE_REALTIME_TIMESTAMP`) where there is one, else of the journal.
 * The unit without its suffix is the service, else the identifier.
 */
function fieldsOf(entry: JsonObject): LineFields {
  const attributes: Record<string, Json> = {};
  for (const [name, value] of Object.entries(entry)) {
    if (!TOLD.has(name)) attributes[ATTRIBUTE_NAMES[name] ?? name] = readable(value);
  }
  const severity = Number(textOf(entry['PRIORITY']) ?? Number.NaN);
  const facility = Number(textOf(entry['SYSLOG_FACILITY']) ?? Number.NaN);
  if (severity >= 0 && severity <= 7) attributes['syslog.severity'] = severity;
  if (facility >= 0) attributes['syslog.facility'] = facility;
  const resource: Record<string, Json> = {};
  const host = textOf(entry['_HOSTNAME']);
  const machine = textOf(entry['_MACHINE_ID']);
  const unit = textOf(entry['_SYSTEMD_UNIT'])?.replace(/\.(service|scope)$/, '');
  const service = unit ?? textOf(entry['SYSLOG_IDENTIFIER']) ?? textOf(entry['_COMM']);
  if (host !== undefined) resource['host.name'] = host;
  if (machine !== undefined) resource['host.id'] = machine;
  if (service !== undefined) resource['service.name'] = service;
  return {
    kind: 'log',
    timeNs: instant(entry['_SOURCE_REALTIME_TIMESTAMP']) ?? instant(entry['__REALTIME_TIMESTAMP']),
    severity: SEVERITY_OF_SYSLOG[severity],
    body: textOf(readable(entry['MESSAGE'] ?? null)),
    bodyIsJson: false,
    attributes,
    resource,
  };
}

/** Microseconds since the epoch as digits. */
function instant(value: unknown): TimeNs | undefined {
  if (typeof value !== 'string' || !/^\d{1,16}$/.test(value)) return undefined;
  return timeNs(BigInt(value) * 1000n);
}

/** A value that is no UTF-8 is a list of its bytes; a repeated field is a list of values. */
function readable(value: Json): Json {
  if (!Array.isArray(value) || value.length === 0) return value;
  const bytes = value.filter((byte): byte is number => typeof byte === 'number');
  if (bytes.length !== value.length) return value;
  return looseText(Uint8Array.from(bytes));
}

function textOf(value: Json | undefined): string | undefined {
  if (Array.isArray(value)) return textOf(value.at(-1));
  return typeof value === 'string' && value !== '' ? value : undefined;
}
