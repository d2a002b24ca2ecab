/** An instant as the halves of its 64-bit nanoseconds. */
export interface InstantHalves {
  high: number;
  low: number;
}

const ZERO = 0x30;
const DAY_MS = 86_400_000;

/** `2003-10-11`. */
const DATE_CHARS = 10;

/**
 * Reads stamps of RFC 5424 of the day that it was told last, because a date is costly to check and
 * stamps of one stream share it. Says false for anything else, also for what may be a good stamp.
 */
export class QuickStamp implements InstantHalves {
  high = 0;
  low = 0;
  #date = '';
  #dayMs = 0;

  /** A stamp that was found to be good by other means. */
  learn(stamp: string): void {
    const date = stamp.slice(0, DATE_CHARS);
    const dayMs = Date.parse(`${date}T00:00:00Z`);
    // The halves are unsigned; an hour of another zone must not lead before 1970.
    if (!(dayMs >= DAY_MS)) return;
    this.#date = ` ${date}`.slice(1);
    this.#dayMs = dayMs;
  }

  /** Sets `high` and `low` to the stamp from `at` to before `end`. */
  read(text: string, at: number, end: number): boolean {
    if (this.#date === '' || !text.startsWith(this.#date, at)) return false;
    const clock = at + DATE_CHARS;
    if (end - clock < 10 || text[clock] !== 'T') return false;
    if (text[clock + 3] !== ':' || text[clock + 6] !== ':') return false;
    const hour = pair(text, clock + 1);
    const minute = pair(text, clock + 4);
    const second = pair(text, clock + 7);
    if (!(hour <= 23 && minute <= 59 && second <= 59)) return false;
    let from = clock + 9;
    let fractionNs = 0;
    if (text[from] === '.') {
      let unitNs = 100_000_000;
      const first = from + 1;
      for (from = first; from < end && isDigit(text, from); from += 1) {
        fractionNs += (text.charCodeAt(from) - ZERO) * unitNs;
        unitNs /= 10;
      }
      if (from === first || from - first > 9) return false;
    }
    const zoneMs = zoneOffsetMs(text, from, end);
    if (zoneMs === undefined) return false;
    this.#set(this.#dayMs + ((hour * 60 + minute) * 60 + second) * 1000 - zoneMs, fractionNs);
    return true;
  }

  /** `ms` × 10⁶ + `restNs` in two halves; every step stays below 2⁵³. */
  #set(ms: number, restNs: number): void {
    const upper = Math.floor(ms / 2 ** 20) * 1e6;
    const lower = (upper % 4096) * 2 ** 20 + (ms % 2 ** 20) * 1e6 + restNs;
    this.low = lower % 2 ** 32;
    this.high = Math.floor(upper / 4096) + Math.floor(lower / 2 ** 32);
  }
}

function zoneOffsetMs(text: string, at: number, end: number): number | undefined {
  if (text[at] === 'Z') return at + 1 === end ? 0 : undefined;
  const sign = text[at] === '+' ? 1 : text[at] === '-' ? -1 : 0;
  if (sign === 0 || at + 6 !== end || text[at + 3] !== ':') return undefined;
  const hours = pair(text, at + 1);
  const minutes = pair(text, at + 4);
  return hours <= 23 && minutes <= 59 ? sign * (hours * 60 + minutes) * 60_000 : undefined;
}

/** Two digits as a number; NaN where they are none. */
function pair(text: string, at: number): number {
  if (!isDigit(text, at) || !isDigit(text, at + 1)) return Number.NaN;
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= 0x39;
}
