/** A sentence on a checkpoint's status, cut into what is read at once and what is asked for. */
export interface VerdictParts {
  readonly verdict: string;
  readonly rest?: string;
}

/** A line of a table; a sentence that is no longer is shown whole. */
const LINE_CHARS = 60;

/** How a verdict begins whose reason follows: the cut comes after that reason. */
const OPENING = /^not good: /;

/** Cuts a long sentence where its list begins: `healthy all through its soak`, then every check. */
export function verdictParts(sentence: string): VerdictParts {
  if (sentence.length <= LINE_CHARS) return { verdict: sentence };
  const begin = OPENING.exec(sentence)?.[0].length ?? 0;
  const cut = sentence.slice(begin).search(/[:;] /);
  if (cut === -1) return { verdict: sentence };
  return { verdict: sentence.slice(0, begin + cut), rest: sentence.slice(begin + cut + 2) };
}
