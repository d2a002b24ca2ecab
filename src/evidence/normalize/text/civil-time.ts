import { timeNs, type TimeNs } from '../../../base/time.ts';

/** Minutes east of UTC at an instant given in Unix milliseconds. */
export type ZoneMinutes = (unixMs: number) => number;

/** A stamp's parts as they were read; `month` is 1 to 12. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** 60 is a leap second and counts as the next second. */
  readonly second: number;
  /** Digits behind the point, at most nine count. */
  readonly fraction: string;
  /** Minutes east of UTC, absent when the stamp has no zone. */
  readonly zone?: number | undefined;
}

const MS_PER_DAY = 86_400_000;

/** The instant of a stamp; undefined when there is no such day or time. */
export function instantOf(civil: CivilTime, zoneMinutes: ZoneMinutes): TimeNs | undefined {
  const { year, month, day, hour, minute, second } = civil;
  if (year < 1970 || year > 2261 || hour > 23 || minute > 59 || second > 60) return undefined;
  const midnight = Date.UTC(year, month - 1, day);
  if (new Date(midnight).getUTCMonth() !== month - 1 || month < 1 || day < 1) return undefined;
  const wallMs = midnight + ((hour * 60 + minute) * 60 + second) * 1000;
  const unixMs = wallMs - (civil.zone ?? zoneMinutes(wallMs)) * 60_000;
  const fraction = BigInt(civil.fraction.slice(0, 9).padEnd(9, '0'));
  return timeNs(BigInt(unixMs) * 1_000_000n + fraction);
}

/** Zones as stamps write them: `Z`, `UTC`, `+01:00`, `-0730`; undefined when it is none. */
export function parseZone(text: string): number | undefined {
  if (text === 'Z' || text === 'z' || text === 'UTC' || text === 'GMT') return 0;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** 1 to 12 of an English month's first three letters; undefined when it is none. */
export function monthOf(name: string): number | undefined {
  const index = MONTHS.indexOf(name.slice(0, 3).toLowerCase());
  return index < 0 ? undefined : index + 1;
}

/**
 * The year of a stamp without one: the year in which it lies nearest to the time of arrival, so
 * that December lines read in January are of last year.
 */
export function nearestYear(month: number, day: number, observedNs: TimeNs): number {
  const observedMs = Number(observedNs / 1_000_000n);
  const year = new Date(observedMs).getUTCFullYear();
  const away = (candidate: number): number =>
    Math.abs(Date.UTC(candidate, month - 1, day) + MS_PER_DAY / 2 - observedMs);
  const candidates = [year - 1, year, year + 1].filter((candidate) =>
    hasDay(candidate, month, day),
  );
  return candidates.toSorted((a, b) => away(a) - away(b))[0] ?? year;
}

function hasDay(year: number, month: number, day: number): boolean {
  return new Date(Date.UTC(year, month - 1, day)).getUTCMonth() === month - 1;
}
