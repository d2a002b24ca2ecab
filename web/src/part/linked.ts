/** A part of a sentence: words, the id of something that has a page, or of who did something. */
export interface LinkedPart {
  readonly text: string;
  readonly to?: readonly string[];
  readonly isPerson?: true;
}

const PAGES: Readonly<Record<string, string>> = {
  inc: 'incidents',
  cp: 'checkpoints',
  run: 'runs',
  plan: 'plans',
};

/** As the daemon makes them: `cp_` and hexadecimal, the others and base 32; never a plain word. */
const ID = /\b(?:(cp)_[0-9a-f]{16,}|(inc|run|plan)_[0-9a-z]{12,}|token:tok_[0-9a-z]{12,})\b/g;

/** Cuts a sentence of the daemon into words and the ids it names. */
export function linkedParts(sentence: string): readonly LinkedPart[] {
  const parts: LinkedPart[] = [];
  let end = 0;
  for (const found of sentence.matchAll(ID)) {
    const [id] = found;
    const page = PAGES[found[1] ?? found[2] ?? ''];
    if (found.index > end) parts.push({ text: sentence.slice(end, found.index) });
    parts.push(page === undefined ? { text: id, isPerson: true } : { text: id, to: [page, id] });
    end = found.index + id.length;
  }
  if (end < sentence.length) parts.push({ text: sentence.slice(end) });
  return parts;
}
