import type { Brand } from './brand.ts';

/** Nanoseconds since 1970-01-01T00:00:00Z, the one time of the product. */
export type TimeNs = Brand<bigint, 'TimeNs'>;

/** A span of time in milliseconds. */
export type DurationMs = Brand<number, 'DurationMs'>;

const NS_PER_MS = 1_000_000n;
const NS_PER_S = 1_000_000_000n;

/** The first and last instant RFC 3339 can write with four-digit years. */
const FIRST_NS = -62_167_219_200n * NS_PER_S;
const LAST_NS = 253_402_300_800n * NS_PER_S - 1n;

/** A bigint known to be nanoseconds since the epoch. */
export function timeNs(ns: bigint): TimeNs {
  return ns as TimeNs;
}

/** Milliseconds since the epoch (`Date.now()`), fractions kept to the microsecond. */
export function fromUnixMs(ms: number): TimeNs {
  const whole = Math.floor(ms);
  return timeNs(BigInt(whole) * NS_PER_MS + BigInt(Math.round((ms - whole) * 1000)) * 1000n);
}

/** Milliseconds since the epoch, fractions of a millisecond cut off. */
export function toUnixMs(time: TimeNs): number {
  return Number(time / NS_PER_MS);
}

/** `time` moved by a number of milliseconds. */
export function addMs(time: TimeNs, ms: number): TimeNs {
  return timeNs(time + BigInt(Math.round(ms * 1e6)));
}

/** RFC 3339 in UTC with nine decimals, as every record is printed. */
export function toRfc3339(time: TimeNs): string {
  const bounded = time < FIRST_NS ? FIRST_NS : time > LAST_NS ? LAST_NS : time;
  let seconds = bounded / NS_PER_S;
  let fraction = bounded % NS_PER_S;
  if (fraction < 0n) {
    seconds -= 1n;
    fraction += NS_PER_S;
  }
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}.${fraction.toString().padStart(9, '0')}Z`;
}

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,18}))?([Zz]|[+-]\d{2}:\d{2})$/;

/** A time of ours (RFC 3339, UTC) as people are told it: to the second. */
export function toSecond(instant: string): string {
  return `${instant.slice(0, 19)}Z`;
}

/** Parses RFC 3339; undefined for anything else. A leap second counts as the next second. */
export function parseRfc3339(text: string): TimeNs | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number);
  if (y === undefined || mo === undefined || d === undefined) return undefined;
  if (h === undefined || mi === undefined || s === undefined) return undefined;
  if (mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 || mi > 59 || s > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  if (date.getUTCMonth() !== mo - 1) return undefined;
  const offsetMinutes = zoneMinutes(zone);
  if (offsetMinutes === undefined) return undefined;
  const seconds = BigInt(date.getTime() / 1000) + BigInt(h * 3600 + (mi - offsetMinutes) * 60 + s);
  return timeNs(seconds * NS_PER_S + BigInt(fraction.slice(0, 9).padEnd(9, '0')));
}

function zoneMinutes(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Parses `500ms`, `10s`, `15m`, `12h`, `30d`; undefined for anything else. */
export function parseDuration(text: string): DurationMs | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d|w)$/.exec(text);
  const unit = UNIT_MS[match?.[2] ?? ''];
  if (match === null || unit === undefined) return undefined;
  return (Number(match[1]) * unit) as DurationMs;
}

/** Writes a duration in its largest fitting unit: `90s`, `15m`, `250ms`. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = UNIT_MS[unit] ?? 1;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)}s` : `${Math.round(ms)}ms`;
}
