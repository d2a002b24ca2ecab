import { verdictOf, type ProbeColor, type ProbeSample, type Verdict } from './verdict.ts';

/** How a declared health check stands, by several looks in a row. */
export interface CheckState {
  /** `ProbeSample.check`. */
  readonly check: string;
  readonly component: string;
  readonly color: ProbeColor;
  /** What was seen by the newest look that says so, one sentence. */
  readonly seen: string;
  /** See `ProbeSample.external`. */
  readonly external?: true;
  /** Since when it stands so, RFC 3339; absent while it was never looked at. */
  readonly since?: string;
  /** When it was last looked at, RFC 3339; absent while it never was. */
  readonly lastAt?: string;
  /** What that look saw, where it says something else: too few of them say so yet. */
  readonly newest?: { readonly color: ProbeColor; readonly seen: string };
}

/** How everything that is watched stands. */
export interface Standing {
  readonly verdict: Verdict;
  /** How many health checks and triggers with data it rests on; 0: there is nothing to judge by. */
  readonly judgedBy: number;
  /** What the verdict rests on, one sentence. */
  readonly why: string;
}

/** The verdict of health checks and of triggers that have data; without either there is none. */
export function standingOf(
  checks: readonly CheckState[],
  triggers: readonly ProbeSample[],
): Standing {
  const all = [...checks, ...triggers];
  const verdict = verdictOf(all);
  const judgedBy = all.length;
  if (judgedBy === 0) {
    const why = 'no health check is declared and no trigger has data';
    return { verdict, judgedBy, why };
  }
  const decisive =
    all.find(({ color, external }) => color === 'red' && external !== true) ??
    all.find(({ color }) => color === 'unknown');
  if (decisive !== undefined)
    return { verdict, judgedBy, why: `${decisive.check}: ${decisive.seen}` };
  const said = [
    ...(checks.length > 0 ? ['every health check is green'] : []),
    ...(triggers.length > 0 ? ['every trigger that has data is quiet'] : []),
  ];
  return { verdict, judgedBy, why: said.join(' and ') };
}
