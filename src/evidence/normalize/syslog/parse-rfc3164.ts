import type { TimeNs } from '../../../base/time.ts';
import {
  instantOf,
  monthOf,
  nearestYear,
  parseZone,
  type ZoneMinutes,
} from '../text/civil-time.ts';
import type { SyslogMessage } from './syslog-message.ts';

const CLOCK =
  String.raw`(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})` +
  String.raw`(?:[.,](?<fraction>\d{1,9}))?`;

/** What devices put before the stamp: a running number, their name, a mark of an unset clock. */
const LEAD = String.raw`^(?:(?<sequence>\d{1,10}): )?(?:(?<lead>[\w.-]{1,255}): )?[*.]?`;

/** `Mar  7 19:06:53`, with a year before or behind the clock, a zone, a colon at the end. */
const BSD = new RegExp(
  String.raw`${LEAD}(?<name>[A-Za-z]{3}) {1,2}(?<day>\d{1,2}) (?:(?<year>\d{4}) )?${CLOCK}` +
    String.raw`(?: (?<yearBehind>\d{4})(?= ))?(?: (?<zone>UTC|GMT|[A-Z]{3,4})(?=:))?:?(?= |$)`,
);

/** RFC 3339 in the place of the stamp, as rsyslog forwards. */
const ISO = new RegExp(
  String.raw`${LEAD}(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[T ]${CLOCK}` +
    String.raw`(?<zone>Z|[+-]\d{2}:?\d{2})?:?(?= |$)`,
);

/** A stamp stands within this; the rest is not looked at by the patterns. */
const HEAD_CHARS = 400;

interface Stamp {
  readonly time: TimeNs | undefined;
  readonly end: number;
  readonly sequence: string | undefined;
  readonly lead: string | undefined;
}

/**
 * Reads what stands behind the priority of a message in the manner of RFC 3164, which describes
 * what senders do rather than what they must: anything is a message.
 */
export function parseRfc3164(
  rest: string,
  priority: number,
  observedNs: TimeNs,
  zoneMinutes: ZoneMinutes,
): SyslogMessage {
  const stamp = readStamp(rest, observedNs, zoneMinutes);
  if (stamp === undefined) return { priority, text: rest };
  const behind = rest.slice(stamp.end).replace(/^ /, '');
  const content = splitContent(behind, stamp.lead);
  return { priority, time: stamp.time, sequence: stamp.sequence, ...content };
}

function readStamp(rest: string, observedNs: TimeNs, zoneMinutes: ZoneMinutes): Stamp | undefined {
  const head = rest.slice(0, HEAD_CHARS);
  const match = BSD.exec(head) ?? ISO.exec(head);
  if (match === null) return undefined;
  const groups: Readonly<Record<string, string | undefined>> = match.groups ?? {};
  const name = groups['name'];
  const month = name === undefined ? Number(groups['month']) : monthOf(name);
  if (month === undefined) return undefined;
  const day = Number(groups['day']);
  const year = groups['year'] ?? groups['yearBehind'];
  const time = instantOf(
    {
      year: year === undefined ? nearestYear(month, day, observedNs) : Number(year),
      month,
      day,
      hour: Number(groups['hour']),
      minute: Number(groups['minute']),
      second: Number(groups['second']),
      fraction: groups['fraction'] ?? '',
      zone: parseZone(groups['zone'] ?? ''),
    },
    zoneMinutes,
  );
  if (time === undefined) return undefined;
  return { time, end: match[0].length, sequence: groups['sequence'], lead: groups['lead'] };
}

/** The application at the start of the content: `sshd[123]: `, `su: `, `tag[1] `. */
const APP = /^(?<app>[^\s:[\]]{1,128})(?:\[(?<pid>[^\]\s]{1,128})\]:?|:)(?<gap> |$|(?=\S))/;

type Content = Pick<SyslogMessage, 'host' | 'app' | 'processId' | 'tag' | 'text'>;

/** Host, application and text behind the stamp; a name before the stamp is the host. */
function splitContent(behind: string, lead: string | undefined): Content {
  if (lead !== undefined) return { host: lead, ...splitApp(behind) };
  // A line written on the host itself names no host: its first word is the application.
  const first = /^\S*/.exec(behind)?.[0] ?? '';
  if (/(?:\]:?|[^:]:)$/.test(first)) return splitApp(behind);
  const content = behind.slice(first.length);
  if (first === '') return { text: behind.trimStart() };
  return { host: first, ...splitApp(content.replace(/^ /, '')) };
}

function splitApp(content: string): Content {
  const match = APP.exec(content);
  const app = match?.groups?.['app'];
  // A device's mnemonic (%SYS-5-CONFIG_I:) is part of its message.
  if (match === null || app === undefined || app.startsWith('%')) {
    const tag = /^\S{1,128}(?= |$)/.exec(content)?.[0];
    return { tag, text: content.trimStart() };
  }
  return {
    app,
    processId: match.groups?.['pid'],
    text: content.slice(match[0].length).trimStart(),
  };
}
