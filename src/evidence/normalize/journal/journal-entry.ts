import type { Json, JsonObject } from '../../../base/canonical-json.ts';
import { looseText } from '../../../base/text-slice.ts';
import { timeNs, type TimeNs } from '../../../base/time.ts';
import { SEVERITY_OF_SYSLOG } from '../../../model/record/severity.ts';
import type { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import { hasRules, messageEvent, type MessageEvent } from '../message/message-event.ts';
import { addFields, type LineParts } from '../text/add-line.ts';
import type { LineFields } from '../text/line-fields.ts';
import { journalEvent, unitSpokenOf } from './journal-events.ts';

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

/**
 * Fields that are told elsewhere in the record. The journal's own stamps stay attributes: wall
 * clock, monotonic clock and boot id of one entry together show when the host's clock was stepped.
 */
const TOLD = new Set([
  'MESSAGE',
  'PRIORITY',
  '__CURSOR',
  '_HOSTNAME',
  '_MACHINE_ID',
  '_SOURCE_REALTIME_TIMESTAMP',
]);

/**
 * Parts of a crashed process that are kept nowhere: its memory and its environment hold secrets,
 * and the rest describes the crash for a debugger.
 */
const LEFT_OUT = new Set([
  'COREDUMP',
  'COREDUMP_ENVIRON',
  'COREDUMP_OPEN_FDS',
  'COREDUMP_PROC_AUXV',
  'COREDUMP_PROC_MAPS',
  'COREDUMP_PROC_MOUNTINFO',
]);

/** What is said of a value that stands in no entry of the journal. */
export const NO_ENTRY = 'no entry of the journal: __REALTIME_TIMESTAMP is expected';

/**
 * Adds the record of one entry, whichever format it was read from; its position is the cursor.
 * False, and nothing is added, when it has no time of the journal. `isCut`: values were shortened.
 */
export function addEntry(
  entry: JsonObject,
  isCut: boolean,
  context: LineParts & { readonly observedNs: TimeNs },
  into: RecordBatchBuilder,
): boolean {
  if (instant(entry['__REALTIME_TIMESTAMP']) === undefined) return false;
  const position = textOf(entry['__CURSOR']);
  const origin = {
    observedNs: context.observedNs,
    attributes: isCut ? { 'log.record.truncated': true } : {},
    resource: {},
    ...(position === undefined ? {} : { position }),
  };
  addFields(fieldsOf(entry), origin, context, into);
  return true;
}

/**
 * The time of the sender (`_SOURCE_REALTIME_TIMESTAMP`) where there is one, else of the journal.
 * The unit without its suffix is the service, else the identifier; where systemd speaks of a unit,
 * it is that one. Messages that systemd's catalog knows are events.
 */
function fieldsOf(entry: JsonObject): LineFields {
  const attributes: Record<string, Json> = {};
  for (const [name, value] of Object.entries(entry)) {
    if (!TOLD.has(name) && !LEFT_OUT.has(name))
      attributes[ATTRIBUTE_NAMES[name] ?? name] = readable(value);
  }
  const severity = Number(textOf(entry['PRIORITY']) ?? Number.NaN);
  const facility = Number(textOf(entry['SYSLOG_FACILITY']) ?? Number.NaN);
  if (severity >= 0 && severity <= 7) attributes['syslog.severity'] = severity;
  if (facility >= 0) attributes['syslog.facility'] = facility;
  const resource: Record<string, Json> = {};
  const host = textOf(entry['_HOSTNAME']);
  const machine = textOf(entry['_MACHINE_ID']);
  const body = textOf(readable(entry['MESSAGE'] ?? null));
  const known = journalEvent(entry);
  const told = known === undefined && body !== undefined ? toldEvent(entry, body) : undefined;
  const event = known ?? told;
  const ofSyslog = SEVERITY_OF_SYSLOG[severity];
  const unit = textOf(unitSpokenOf(entry) ?? entry['_SYSTEMD_UNIT'])?.replace(
    /\.(service|scope)$/,
    '',
  );
  const service =
    told?.isOfHost === true
      ? undefined
      : (unit ?? textOf(entry['SYSLOG_IDENTIFIER']) ?? textOf(entry['_COMM']));
  if (host !== undefined) resource['host.name'] = host;
  if (machine !== undefined) resource['host.id'] = machine;
  if (service !== undefined) resource['service.name'] = service;
  return {
    kind: event === undefined ? 'log' : 'event',
    eventName: event?.eventName,
    timeNs: instant(entry['_SOURCE_REALTIME_TIMESTAMP']) ?? instant(entry['__REALTIME_TIMESTAMP']),
    severity:
      known === undefined ? (told?.severity ?? ofSyslog) : Math.max(known.severity, ofSyslog ?? 0),
    body,
    bodyIsJson: false,
    attributes: told === undefined ? attributes : { ...attributes, ...told.attributes },
    resource,
  };
}

/** Users from here on are people, whose programs may be called as they like. */
const PEOPLE_FROM = 1000;

/**
 * What a message tells, of whom the journal itself knows: the kernel, or the executable of a user
 * of the system. What a program calls itself is not believed.
 */
function toldEvent(entry: JsonObject, body: string): MessageEvent | undefined {
  if (entry['_TRANSPORT'] === 'kernel') return messageEvent('kernel', body);
  const user = Number(textOf(entry['_UID']) ?? Number.NaN);
  if (!(user < PEOPLE_FROM)) return undefined;
  const path = textOf(entry['_EXE']);
  const program = path?.slice(path.lastIndexOf('/') + 1) ?? textOf(entry['_COMM']);
  return program !== undefined && hasRules(program) ? messageEvent(program, body) : undefined;
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
