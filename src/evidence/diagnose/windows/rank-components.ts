import type { Suspect, SuspectVerdict } from '../../../model/incident/suspect.ts';
import type { Finding } from './finding.ts';

/** Suspects below this are nobody's business. */
const SCORE_MIN = 0.05;
const SUSPECTS_MAX = 20;
const REASONS_MAX = 5;
/** The first is likely from this score on, when it is so much ahead of the second. */
const LIKELY_MIN = 0.6;
const LIKELY_AHEAD = 1.3;
const CORRELATED_MIN = 0.25;

/** Joins the findings of each component by noisy-or of the best of each kind, and ranks them. */
export function rankComponents(findings: readonly Finding[]): readonly Suspect[] {
  const byComponent = Map.groupBy(findings, ({ component }) => component);
  const ranked = [...byComponent]
    .map(([component, own]) => ({ component, own, score: joined(own) }))
    .filter(({ score }) => score >= SCORE_MIN)
    .toSorted((a, b) => b.score - a.score || (a.component < b.component ? -1 : 1))
    .slice(0, SUSPECTS_MAX);
  const second = ranked[1]?.score ?? 0;
  return ranked.map(({ component, own, score }, at) => {
    const sorted = own.toSorted((a, b) => b.score * b.naming - a.score * a.naming);
    const resource = sorted[0]?.resource;
    return {
      rank: at + 1,
      component,
      kind: KINDS[sorted[0]?.kind ?? 'metric'],
      score: Number(score.toFixed(4)),
      verdict: verdictOf(score, at === 0 ? second : Number.POSITIVE_INFINITY),
      ...(resource === undefined ? {} : { resource }),
      reasons: sorted.slice(0, REASONS_MAX).map(({ text, evidence }) => ({ text, evidence })),
    };
  });
}

/** What sort of cause a finding speaks of. */
const KINDS: Readonly<Record<Finding['kind'], string>> = {
  pattern: 'behavior',
  time: 'latency',
  metric: 'resource',
};

function joined(findings: readonly Finding[]): number {
  const best = new Map<string, number>();
  for (const { kind, score } of findings) best.set(kind, Math.max(best.get(kind) ?? 0, score));
  return 1 - [...best.values()].reduce((left, score) => left * (1 - Math.min(1, score)), 1);
}

function verdictOf(score: number, second: number): SuspectVerdict {
  if (score >= LIKELY_MIN && score >= LIKELY_AHEAD * second) return 'LIKELY';
  return score >= CORRELATED_MIN ? 'CORRELATED' : 'UNKNOWN';
}
