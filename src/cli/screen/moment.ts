/** A time for a person at night: UTC, without the day where that is today. */
export function moment(time: string, nowMs: number): string {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const day = time.slice(0, 10);
  return `${day === today ? '' : `${day} `}${time.slice(11, 16)}Z`;
}

/** A time to the second as the clock on this wall shows it, and in UTC where that is another. */
export function localClock(time: string): string {
  const local = new Intl.DateTimeFormat('en-GB', { timeStyle: 'long' }).format(Date.parse(time));
  const utc = `${time.slice(11, 19)} UTC`;
  return local === utc ? utc : `${local} (${utc})`;
}

/** How far a time lies from now: `in 4 min`, `12 s ago`. */
export function distance(time: string, nowMs: number): string {
  const ms = Date.parse(time) - nowMs;
  const text = span(Math.abs(ms));
  return ms >= 0 ? `in ${text}` : `${text} ago`;
}

/** A length of time in its largest unit. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
