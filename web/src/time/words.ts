const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** Milliseconds since the epoch of an RFC 3339 text. */
export function msOf(text: string): number {
  return Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
}

/** `14:32` in local time, with the date before it when it is not the day of `now`. */
export function clockWords(text: string, now: number): string {
  const at = new Date(msOf(text));
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  return at.toDateString() === new Date(now).toDateString() ? time : `${dayWords(at)} ${time}`;
}

/** `14:32:07` in local time, with the date before it when it is not the day of `now`. */
export function secondWords(text: string, now: number): string {
  return `${clockWords(text, now)}:${pad(new Date(msOf(text)).getSeconds())}`;
}

/** `14:32:07.123` in local time. */
export function millisecondWords(ms: number): string {
  const at = new Date(ms);
  const seconds = `${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${seconds}`;
}

function dayWords(at: Date): string {
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** `45 s`, `12 min`, `3 h 20 min`, `5 d`: what a person says of a span. Never negative. */
export function spanWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

/** `12 min ago`, `in 40 s`. */
export function agoWords(text: string, now: number): string {
  const ms = now - msOf(text);
  return ms >= 0 ? `${spanWords(ms)} ago` : `in ${spanWords(-ms)}`;
}

/** Time to a deadline as a countdown: `42 s`, `3:07`. */
export function leftWords(deadline: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((msOf(deadline) - now) / 1000));
  if (seconds < 100) return `${seconds} s`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `1.5 ms`, `230 µs`, `4.2 s` of nanoseconds. */
export function nanosecondWords(ns: number): string {
  const size = Math.abs(ns);
  if (size < 1000) return `${ns} ns`;
  if (size < 1e6) return `${trimmed(ns / 1e3)} µs`;
  return size < 1e9 ? `${trimmed(ns / 1e6)} ms` : `${trimmed(ns / 1e9)} s`;
}

function trimmed(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/** `UTC+1`: which local time is told, as it was at a moment, milliseconds since the epoch. */
export function zoneWords(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`;
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`;
}
