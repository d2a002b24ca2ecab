import type { EdgeEvidence } from '../../model/evidence/evidence-summary.ts';
import type { Clue } from './clue.ts';
import { answers, hasStopped, servedAllThrough } from './death-clues.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { riseScore } from './likelihood.ts';
import { clock } from './wording.ts';

/**
 * A failed call speaks against who was called, but less than that one's own errors do: the caller
 * may have asked for nonsense.
 */
const CALLEE_WEIGHT = 0.8;

/** Clues from failing calls, seen by the callers. */
export function callClues(input: DiagnosisInput): readonly Clue[] {
  return input.evidence.edges.flatMap((edge): readonly Clue[] => {
    const { before, during, from, to } = edge;
    const score = riseScore(before.errors, before.calls, during.errors, during.calls);
    if (score === 0) return [];
    const since = edge.firstErrorAt === undefined ? '' : ` since ${clock(edge.firstErrorAt)}`;
    const counts =
      `${during.errors} of ${during.calls} calls from ${from} to ${to} fail${since}; ` +
      `before: ${before.errors} of ${before.calls}`;
    const first = edge.firstErrorAt === undefined ? {} : { firstAt: edge.firstErrorAt };
    if (isMisdirected(input, edge)) {
      const text = `${counts}; but ${to} answers, so ${from} does not reach it`;
      return [{ component: from, kind: 'unreachable', score, text, evidence: [], ...first }];
    }
    return [
      {
        component: to,
        kind: 'calls',
        score: score * CALLEE_WEIGHT,
        text: counts,
        evidence: [],
        ...first,
      },
    ];
  });
}

/**
 * Whether calls of an edge are refused although the callee answers elsewhere. That it answers now
 * says nothing of calls that failed before and fail no more: it may have come back.
 */
export function isMisdirected(input: DiagnosisInput, edge: EdgeEvidence): boolean {
  const { errors, refused } = edge.during;
  if (errors === 0 || refused * 2 <= errors) return false;
  if (hasStopped(input, edge.lastErrorAt)) return servedAllThrough(input, edge.to);
  return answers(input, edge.to);
}
