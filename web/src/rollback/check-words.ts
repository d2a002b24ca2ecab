import type { Run } from '../api/types.ts';
import type { Tone } from '../part/tone.ts';

type Check = NonNullable<Run['checks']>[number];

/** How the color of a check looks, and its word. */
export const COLOR_LOOK: Readonly<
  Record<Check['color'], { readonly tone: Tone; readonly words: string }>
> = {
  red: { tone: 'bad', words: 'red' },
  unknown: { tone: 'warn', words: 'no answer' },
  green: { tone: 'good', words: 'green' },
};

/** What a check is to the run. */
export const ROLE_WORDS: Readonly<Record<Check['role'], string>> = {
  guard: 'guard: it must stay green',
  goal: 'goal: it must turn green',
  'not-judged': 'red already before the run, so that it could not judge',
  beside: 'not a part of the gate',
};

const RANK = { red: 0, unknown: 1, green: 2 } as const;

/** What is red comes first. */
export function worstFirst(checks: readonly Check[]): readonly Check[] {
  return checks.toSorted((a, b) => RANK[a.color] - RANK[b.color]);
}
