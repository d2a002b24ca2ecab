import type { ProbeSample } from '../../model/health/verdict.ts';
import type { Clue } from './clue.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';

/** Who is not reached is at fault, or what lies before it; the asker less likely. */
const FAR_SCORE = 0.4;
const ASKER_SCORE = 0.2;

/**
 * The component that a check of another one asks, by an address that stands in the check: what a
 * router sees of its neighbor says more of the neighbor than of the router.
 */
export function farEnd({ addresses }: DiagnosisInput, probe: ProbeSample): string | undefined {
  const named = probe.check.split(' ').flatMap((word) => addresses[word] ?? []);
  return named.find((name) => name !== probe.component);
}

/** What a red check of another one says of both. */
export function notReached({ check, component, seen }: ProbeSample, far: string): readonly Clue[] {
  const text = `${component} does not reach ${far}: health check ${check} is red: ${seen}`;
  return [
    // Not to be reached is no consequence of what is wrong behind it, and at which end of the link
    // between them packets are lost shows at neither: so nobody is surely at fault.
    { component: far, kind: 'lost', score: FAR_SCORE, text, evidence: [] },
    { component, kind: 'lost', score: ASKER_SCORE, text, evidence: [] },
  ];
}
