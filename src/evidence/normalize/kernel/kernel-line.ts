import type { JsonObject } from '../../../base/canonical-json.ts';
import type { TimeNs } from '../../../base/time.ts';
import { instantOf, monthOf, parseZone, type ZoneMinutes } from '../text/civil-time.ts';

/** One message of the kernel's log, whichever program wrote it down. */
export interface KernelLine {
  readonly text: string;
  /** Its number within the boot, where that stands beside it. */
  readonly sequence?: string;
  /** Who logged it, 0 is the kernel, and how severe it is, as syslog counts; absent: not told. */
  readonly facility?: number;
  readonly severity?: number;
  /** Microseconds since the boot, of which suspend is no part. */
  readonly uptimeUs?: bigint;
  /** The wall clock, where it was written down instead. */
  readonly time?: TimeNs;
}

/** `6,448,1365243226,-;text`: priority, sequence, microseconds, flags, and what may follow. */
const RAW = /^(\d{1,5}),(\d{1,20}),(\d{1,16}),[^;]{0,200};(.*)$/s;

/** `dmesg -x` says who and how severe before the time. */
const NAMED = /^(\w{1,8}) *:(\w{1,7}) *: (?=\S)/;
const UPTIME = /^\[ {0,4}(\d{1,8})\.(\d{6})\] ?/;
const CLOCK = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
const ISO = new RegExp(
  String.raw`^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T${CLOCK}` +
    String.raw`,(?<fraction>\d{6})(?<zone>[+-]\d\d:\d\d) `,
);
const CIVIL = new RegExp(
  String.raw`^\[[A-Z][a-z]{2} (?<name>[A-Z][a-z]{2}) (?<day>[ \d]\d) ${CLOCK} (?<year>\d{4})\] `,
);

const FACILITIES = 'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp'.split(' ');
const SEVERITIES = 'emerg alert crit err warn notice info debug'.split(' ');

/** A line of `/dev/kmsg` or of `dmesg` in any of its forms with a time; undefined if it is none. */
export function kernelLine(line: string, zoneMinutes: ZoneMinutes): KernelLine | undefined {
  const raw = RAW.exec(line);
  if (raw !== null) {
    const [, priority, sequence = '', uptime = 0, text = ''] = raw;
    const uptimeUs = BigInt(uptime);
    return { ...priorityOf(Number(priority)), sequence, uptimeUs, text: unescaped(text) };
  }
  const named = NAMED.exec(line);
  const who = named === null ? {} : namesOf(named[1] ?? '', named[2] ?? '');
  if (who === undefined) return undefined;
  const rest = line.slice(named?.[0].length ?? 0);
  const uptime = UPTIME.exec(rest);
  if (uptime !== null) {
    const uptimeUs = BigInt(`${uptime[1]}${uptime[2]}`);
    return { ...who, uptimeUs, text: rest.slice(uptime[0].length) };
  }
  const stamp = wallTime(rest, zoneMinutes);
  return stamp && { ...who, time: stamp.time, text: rest.slice(stamp.end) };
}

/** An entry of `dmesg --json`; undefined if it is none. */
export function kernelEntry(entry: JsonObject, zoneMinutes: ZoneMinutes): KernelLine | undefined {
  const { pri, fac, time, msg } = entry;
  if (typeof msg !== 'string') return undefined;
  const who =
    typeof pri === 'number' ? priorityOf(pri) : namesOf(String(fac ?? 'kern'), String(pri));
  const line = { ...who, text: msg };
  if (typeof time === 'string') {
    const stamp = wallTime(`${time} `, zoneMinutes);
    return stamp && { ...line, time: stamp.time };
  }
  if (typeof time !== 'number' || !(time >= 0 && time < 1e9)) return undefined;
  return { ...line, uptimeUs: BigInt(Math.round(time * 1e6)) };
}

function priorityOf(priority: number): Pick<KernelLine, 'facility' | 'severity'> {
  return { facility: priority >> 3, severity: priority & 7 };
}

function namesOf(
  who: string,
  howSevere: string,
): Pick<KernelLine, 'facility' | 'severity'> | undefined {
  const [facility, severity] = [FACILITIES.indexOf(who), SEVERITIES.indexOf(howSevere)];
  return facility < 0 || severity < 0 ? undefined : { facility, severity };
}

function wallTime(
  text: string,
  zoneMinutes: ZoneMinutes,
): { readonly time: TimeNs; readonly end: number } | undefined {
  const { groups, 0: found = '' } = ISO.exec(text) ?? CIVIL.exec(text) ?? {};
  if (groups === undefined) return undefined;
  const { year, month, name, day, hour, minute, second, fraction = '', zone } = groups;
  const civil = {
    year: Number(year),
    month: name === undefined ? Number(month) : (monthOf(name) ?? 0),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction,
    zone: zone === undefined ? undefined : parseZone(zone),
  };
  const time = instantOf(civil, zoneMinutes);
  return time === undefined ? undefined : { time, end: found.length };
}

/** What the kernel does not print as it is stands as `\x0a`: bytes of UTF-8 among them. */
function unescaped(text: string): string {
  if (!text.includes('\\x')) return text;
  return text.replace(/(?:\\x[0-9a-f]{2})+/g, (codes) =>
    new TextDecoder().decode(Buffer.from(codes.replaceAll('\\x', ''), 'hex')),
  );
}
