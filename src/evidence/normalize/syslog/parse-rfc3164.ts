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

/**
 * What devices put before the stamp: a running number, their name, a mark of a clock that was never
 * set (`*`) or that nothing keeps any longer (`.`).
 */
const NAMED = String.raw`^(?:: ?)?(?:(?<sequence>\d{1,10}): )?(?:(?<lead>[\w.-]{1,255}): )?`;
const LEAD = String.raw`${NAMED}[*.]?`;

/** Either mark, found again in what a stamp matched. */
const MARK = /(?:^|: )[*.]/;

/** The part of a chassis that IOS XR names, `RP/0/RSP0/CPU0:`, and its host before that. */
const NODE = /^(?<number>\d{1,10}: )?(?:(?<host>[\w.-]{1,255}) )?[\dRPLC]{1,3}\/[\w/]{1,24}:/;

/** `Mar  7 19:06:53`, with a year before or behind, a zone, a colon at the end. */
const BSD = new RegExp(
  String.raw`${LEAD}(?:(?<yearBefore>\d{4}) )?(?<name>[A-Za-z]{3}) {1,2}(?<day>\d{1,2}) ` +
    String.raw`(?:(?<year>\d{4}) )?${CLOCK}` +
    String.raw`(?: (?<yearBehind>\d{4})(?= ))?(?: (?<zone>UTC|GMT|[A-Z]{3,4})(?=:))?:?(?= |$)`,
);

/** RFC 3339 in the place of the stamp, as rsyslog forwards. */
const ISO = new RegExp(
  String.raw`${LEAD}(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[T ]${CLOCK}` +
    String.raw`(?<zone>Z|[+-]\d{2}:?\d{2})?:?(?= |$)`,
);

/** How long the device has run, in the place of a stamp: it says nothing of the time of day. */
const UPTIME = new RegExp(
  String.raw`${NAMED}(?:\d{1,4}[ywdh]\d{1,2}[wdh]|\d{1,3}:\d{2}:\d{2}):(?= %[A-Z])`,
);

/** A stamp stands within this; the rest is not looked at by the patterns. */
const HEAD_CHARS = 400;

interface Stamp {
  readonly time: TimeNs | undefined;
  readonly end: number;
  readonly sequence: string | undefined;
  readonly lead: string | undefined;
  /** The device marks its own clock as unset. */
  readonly isUnset: boolean;
}

/**
 * Reads what stands behind the priority of a message in the manner of RFC 3164, which describes
 * what senders do rather than what they must: anything is a message.
 */
export function parseRfc3164(
  given: string,
  priority: number,
  observedNs: TimeNs,
  zoneMinutes: ZoneMinutes,
): SyslogMessage {
  const rest = given.includes('/CPU') ? withoutNode(given) : given;
  const stamp = readStamp(rest, observedNs, zoneMinutes);
  if (stamp === undefined) return { priority, text: given };
  const behind = rest.slice(stamp.end).replace(/^ {1,2}/, '');
  const { time, sequence } = stamp;
  const content = splitContent(behind, stamp.lead);
  const outer: SyslogMessage = stamp.isUnset
    ? { priority, time, sequence, isUnset: true, ...content }
    : { priority, time, sequence, ...content };
  if (stamp.lead !== undefined || !behind.includes(': %')) return outer;
  return relayed(behind, outer, observedNs, zoneMinutes) ?? outer;
}

function withoutNode(given: string): string {
  return given.replace(NODE, (_node, number = '', host = '') => {
    return host === '' ? number : `${number}${host}: `;
  });
}

/**
 * What a device sent with a header of its own behind that of the relay, which said from whom it
 * came: `Nov 21 10:00:00 10.0.0.1 45: *Nov 21 09:59:58.123: %LINK-3-UPDOWN: …`. The mnemonic shows
 * that the second stamp is no part of what was said; anything less sure stays as it is.
 */
function relayed(
  behind: string,
  { priority, host }: SyslogMessage,
  observedNs: TimeNs,
  zoneMinutes: ZoneMinutes,
): SyslogMessage | undefined {
  if (host === undefined) return undefined;
  const content = behind.slice(host.length + 1);
  const stamp = readStamp(content, observedNs, zoneMinutes);
  const text = stamp && content.slice(stamp.end).trimStart();
  if (stamp === undefined || text === undefined || !/^%[A-Z]/.test(text)) return undefined;
  const own =
    stamp.lead === undefined || stamp.lead === host ? { host } : { host: stamp.lead, relay: host };
  const { time, sequence, isUnset } = stamp;
  const marked = isUnset ? { isUnset } : {};
  return { priority, time, sequence, ...marked, ...own, ...splitApp(text) };
}

function readStamp(rest: string, observedNs: TimeNs, zoneMinutes: ZoneMinutes): Stamp | undefined {
  const head = rest.slice(0, HEAD_CHARS);
  const match = BSD.exec(head) ?? ISO.exec(head);
  if (match === null) return uptimeStamp(head);
  const groups: Readonly<Record<string, string | undefined>> = match.groups ?? {};
  const name = groups['name'];
  const month = name === undefined ? Number(groups['month']) : monthOf(name);
  if (month === undefined) return undefined;
  const day = Number(groups['day']);
  const year = groups['year'] ?? groups['yearBehind'] ?? groups['yearBefore'];
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
  return {
    time,
    end: match[0].length,
    sequence: groups['sequence'],
    lead: groups['lead'],
    isUnset: MARK.test(match[0]),
  };
}

function uptimeStamp(head: string): Stamp | undefined {
  const match = UPTIME.exec(head);
  if (match === null) return undefined;
  const { sequence, lead } = match.groups ?? {};
  return { time: undefined, end: match[0].length, sequence, lead, isUnset: false };
}

/** The application at the start of the content: `sshd[123]: `, `su: `, `tag[1] `. */
const APP = /^(?<app>[^\s:[\]]{1,128})(?:\[(?<pid>[^\]\s]{1,128})\]:?|:)(?<gap> |$|(?=\S))/;

type Content = Pick<SyslogMessage, 'host' | 'app' | 'processId' | 'tag' | 'text'>;

/** Host, application and text behind the stamp; a name before the stamp is the host. */
function splitContent(behind: string, lead: string | undefined): Content {
  if (lead !== undefined) return { host: lead, ...splitApp(behind) };
  // IOS XR names the process behind the stamp, and a device without a name says only what it says.
  if (behind.startsWith('%')) return splitApp(behind);
  // A line written on the host itself names no host: its first word is the application.
  const first = /^\S*/.exec(behind)?.[0] ?? '';
  if (/(?:\]:?|[^:]:)$/.test(first)) return splitApp(behind);
  // Cisco's firewalls set a colon between their name and the message.
  const content = behind.slice(first.length).replace(/^ (?:: (?=%))?/, '');
  if (first === '') return { text: behind.trimStart() };
  return { host: first, ...splitApp(content) };
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
