import { msOf } from '../time/words.ts';

/** A part of a sentence: words, a time, the id of what has a page, or of who did something. */
export interface LinkedPart {
  /** For a time: RFC 3339, whatever was written. */
  readonly text: string;
  readonly to?: readonly string[];
  readonly isPerson?: true;
  readonly isTime?: true;
}

const PAGES: Readonly<Record<string, string>> = {
  inc: 'incidents',
  cp: 'checkpoints',
  run: 'runs',
  plan: 'plans',
};

/** As the daemon makes them: `cp_` and hexadecimal, the others and base 32; never a plain word. */
const ID = /\b(?:(cp)_[0-9a-f]{16,}|(inc|run|plan)_[0-9a-z]{12,}|token:tok_[0-9a-z]{12,})\b/g;

/** A time as the daemon writes it, with as many digits as it knows. */
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** The same without its day, or with it, as diagnosis writes what happened near an incident. */
const CLOCK = /\b(?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d:\d\d) UTC\b/g;

const DAY_MS = 86_400_000;

/**
 * Cuts a sentence of the daemon into words and the ids and times it names. Where it is known `near`
 * which moment it speaks of, RFC 3339, times without a day are told apart, too.
 */
export function linkedParts(sentence: string, near?: string): readonly LinkedPart[] {
  const parts: LinkedPart[] = [];
  let end = 0;
  for (const { index, length, part } of namedParts(sentence, near)) {
    if (index > end) parts.push({ text: sentence.slice(end, index) });
    parts.push(part);
    end = index + length;
  }
  if (end < sentence.length) parts.push({ text: sentence.slice(end) });
  return parts;
}

interface Named {
  readonly index: number;
  /** Of what was written. */
  readonly length: number;
  readonly part: LinkedPart;
}

/** The ids and times of a sentence with their places, in order. */
function namedParts(sentence: string, near: string | undefined): readonly Named[] {
  const times = [...sentence.matchAll(TIME)].map(({ index, 0: text }): Named => ({
    index,
    length: text.length,
    part: { text, isTime: true },
  }));
  const clocks = [...sentence.matchAll(CLOCK)].flatMap((found): readonly Named[] => {
    const [text, day, clock = ''] = found;
    const at = day === undefined ? nearest(clock, near) : `${day}T${clock}Z`;
    if (at === undefined) return [];
    return [{ index: found.index, length: text.length, part: { text: at, isTime: true } }];
  });
  const ids = [...sentence.matchAll(ID)].map((found): Named => {
    const [text] = found;
    const page = PAGES[found[1] ?? found[2] ?? ''];
    const part = page === undefined ? { isPerson: true as const } : { to: [page, text] };
    return { index: found.index, length: text.length, part: { text, ...part } };
  });
  return [...times, ...clocks, ...ids].toSorted((a, b) => a.index - b.index);
}

/** The moment with this clock that is nearest to another: trouble goes on beyond midnight. */
function nearest(clock: string, near: string | undefined): string | undefined {
  if (near === undefined) return undefined;
  const beside = msOf(near);
  const days = [-DAY_MS, 0, DAY_MS].map((ms) => new Date(beside + ms).toISOString().slice(0, 10));
  const [first] = days
    .map((day) => `${day}T${clock}Z`)
    .toSorted((a, b) => Math.abs(msOf(a) - beside) - Math.abs(msOf(b) - beside));
  return first;
}
