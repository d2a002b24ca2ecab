/** A part of a sentence: words, a time, the id of what has a page, or of who did something. */
export interface LinkedPart {
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

/** Cuts a sentence of the daemon into words and the ids and times it names. */
export function linkedParts(sentence: string): readonly LinkedPart[] {
  const parts: LinkedPart[] = [];
  let end = 0;
  for (const [index, part] of namedParts(sentence)) {
    if (index > end) parts.push({ text: sentence.slice(end, index) });
    parts.push(part);
    end = index + part.text.length;
  }
  if (end < sentence.length) parts.push({ text: sentence.slice(end) });
  return parts;
}

/** The ids and times of a sentence with their places, in order. */
function namedParts(sentence: string): readonly (readonly [number, LinkedPart])[] {
  const times = [...sentence.matchAll(TIME)].map(
    (found) => [found.index, { text: found[0], isTime: true }] as const,
  );
  const ids = [...sentence.matchAll(ID)].map((found) => {
    const [id] = found;
    const page = PAGES[found[1] ?? found[2] ?? ''];
    const part = page === undefined ? { isPerson: true as const } : { to: [page, id] };
    return [found.index, { text: id, ...part }] as const;
  });
  return [...times, ...ids].toSorted(([a], [b]) => a - b);
}
