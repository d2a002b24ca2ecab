import { parseRfc3339 } from '../../base/time.ts';

/** An RFC 3339 time to the second; its date only when it is not the day of `beside`. */
export function clock(at: string, beside: string = at): string {
  const date = at.slice(0, 10) === beside.slice(0, 10) ? '' : `${at.slice(0, 10)} `;
  return `${date}${at.slice(11, 19)} UTC`;
}

/** Milliseconds from one RFC 3339 time to another; undefined when either is none. */
export function msBetween(from: string, to: string): number | undefined {
  const [start, end] = [parseRfc3339(from), parseRfc3339(to)];
  return start === undefined || end === undefined ? undefined : Number(end - start) / 1e6;
}

/** A length of time for people: `40 s`, `12 min`, `3.5 h`, `2.1 d`. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${tenth(ms / 3_600_000)} h`;
  return `${tenth(ms / 86_400_000)} d`;
}

/** `1 error`, `3 errors`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}
