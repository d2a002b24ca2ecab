import { timeNs, type TimeNs } from '../../../base/time.ts';
import {
  instantOf,
  monthOf,
  nearestYear,
  parseZone,
  type CivilTime,
  type ZoneMinutes,
} from './civil-time.ts';

/** A stamp found at or near the start of a line. */
export interface LeadingTime {
  readonly time: TimeNs;
  /** Where the text behind the stamp starts. */
  readonly end: number;
  /** The severity letter of a glog stamp, else ''. */
  readonly letter: string;
}

const CLOCK =
  String.raw`(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})` +
  String.raw`(?:[.,](?<fraction>\d{1,12}))?`;
const ZONE = String.raw`(?: ?(?<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})(?![\w:]))?`;
/** Seconds since 1970: never without a fraction, since a number alone may be anything. */
const EPOCH = String.raw`(?<epoch>[12]\d{9})\.(?<fraction>\d{3}(?:\d{3}){0,2})`;

/** The stamps that logs really start with; each is anchored, so a line costs a bounded time. */
const PATTERNS: readonly RegExp[] = [
  // 2026-11-21T01:50:33.123Z, [2026-11-21 01:50:33,123], 2026/11/21 01:50:33, time="2026-…
  new RegExp(
    String.raw`^(?:time=|ts=|timestamp=)?["[(<]?` +
      String.raw`(?<year>\d{4})[-/](?<month>\d{2})[-/](?<day>\d{2})[T _]${CLOCK}${ZONE}`,
  ),
  // Nov 21 01:50:33, also with a year behind the day or a fraction
  new RegExp(
    String.raw`^(?:\*|\.)?(?<name>[A-Z][a-z]{2}) {1,2}(?<day>\d{1,2}) ` +
      String.raw`(?:(?<year>\d{4}) )?${CLOCK}${ZONE}`,
  ),
  // 127.0.0.1 - - [21/Nov/2026:01:50:33 +0000]
  new RegExp(
    String.raw`^[^[\n]{0,100}\[(?<day>\d{2})/(?<name>[A-Z][a-z]{2})/(?<year>\d{4}):${CLOCK}${ZONE}`,
  ),
  // E1121 01:50:33.123456
  new RegExp(String.raw`^(?<letter>[IWEF])(?<month>\d{2})(?<day>\d{2}) ${CLOCK}`),
  // 6740:M 20 Nov 2026 23:27:38.411, of Redis
  new RegExp(
    String.raw`^\d{1,10}:[A-Z] (?<day>\d{2}) (?<name>[A-Z][a-z]{2}) (?<year>\d{4}) ${CLOCK}`,
  ),
  // type=SYSCALL msg=audit(1795217598.454:5): of auditd, which may name its host before
  new RegExp(String.raw`^(?:node=\S{1,100} )?(?:type=\S{1,40} )?msg=audit\(${EPOCH}:\d+\):`),
  // [1795217034.626804] of conntrack; 1795217264.497599 of Redis' MONITOR
  new RegExp(String.raw`^\[?${EPOCH}(?:\]\s|\s)`),
];

/** Stamps stand within this; longer lines are cut before matching, which bounds the time. */
const HEAD_CHARS = 200;

/**
 * Finds the stamp a line starts with. Stamps without a zone are of the zone of `zoneMinutes`, those
 * without a year of the year nearest to the arrival.
 */
export function leadingTime(
  line: string,
  observedNs: TimeNs,
  zoneMinutes: ZoneMinutes,
): LeadingTime | undefined {
  const head = line.slice(0, HEAD_CHARS);
  for (const pattern of PATTERNS) {
    const match = pattern.exec(head);
    if (match === null) continue;
    const groups = match.groups ?? {};
    const civil = civilOf(groups, observedNs);
    const time =
      epochOf(groups) ?? (civil === undefined ? undefined : instantOf(civil, zoneMinutes));
    if (time === undefined) continue;
    return { time, end: match[0].length, letter: groups['letter'] ?? '' };
  }
  return undefined;
}

type Groups = Readonly<Record<string, string | undefined>>;

/** Seconds since 1970 need no zone and no year. */
function epochOf({ epoch, fraction = '' }: Groups): TimeNs | undefined {
  return epoch === undefined ? undefined : timeNs(BigInt(`${epoch}${fraction.padEnd(9, '0')}`));
}

function civilOf(groups: Groups, observedNs: TimeNs): CivilTime | undefined {
  const { name, year, month, day, hour, minute, second, fraction, zone } = {
    name: groups['name'],
    year: groups['year'],
    month: groups['month'],
    day: Number(groups['day']),
    hour: Number(groups['hour']),
    minute: Number(groups['minute']),
    second: Number(groups['second']),
    fraction: groups['fraction'] ?? '',
    zone: groups['zone'],
  };
  const monthNumber = name === undefined ? Number(month) : monthOf(name);
  if (monthNumber === undefined || monthNumber < 1 || monthNumber > 12) return undefined;
  return {
    year: year === undefined ? nearestYear(monthNumber, day, observedNs) : Number(year),
    month: monthNumber,
    day,
    hour,
    minute,
    second,
    fraction,
    zone: zone === undefined ? undefined : parseZone(zone),
  };
}
