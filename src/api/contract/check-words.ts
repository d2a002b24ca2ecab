import type { RunCheck } from '../../model/run/run.ts';

/** The color of a check, in the words of the command line and the pages. */
export const COLOR_WORDS: Readonly<Record<RunCheck['color'], string>> = {
  red: 'red',
  unknown: 'no answer',
  green: 'green',
};

/** What a check is to a run, in the words of both. */
export const ROLE_WORDS: Readonly<Record<RunCheck['role'], string>> = {
  guard: 'guard: it must stay green',
  goal: 'goal: it must turn green',
  'not-judged': 'not judged: red already before the run',
  beside: 'not a part of the gate',
};

/** What comes before the moment at which something of a run was looked at last. */
export const LOOKED_WORDS = { state: 'read at', check: 'asked at' } as const;

const RANK = { red: 0, unknown: 1, green: 2 } as const;

/** What is red comes first, then what did not answer. */
export function worstFirst<Check extends Pick<RunCheck, 'color'>>(
  checks: readonly Check[],
): readonly Check[] {
  return checks.toSorted((a, b) => RANK[a.color] - RANK[b.color]);
}

/** The name of a health check begins with its component; that of a trigger is given it. */
export function checkName({ component, check }: Pick<RunCheck, 'component' | 'check'>): string {
  return check.startsWith(`${component}:`) ? check : `${component}: ${check}`;
}
