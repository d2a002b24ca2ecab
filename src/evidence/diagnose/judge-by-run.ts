import type { Diagnosis, Suspect } from '../../model/incident/suspect.ts';

/** How a rollback ended that was meant to cure an incident. */
export interface CureAttempt {
  readonly run: string;
  readonly checkpoint: string;
  /** The components it brought back. */
  readonly components: readonly string[];
  /** Whether the incident's goals were green at its end. */
  readonly healed: boolean;
}

/** What is left of a suspicion after its change was taken back in vain. */
const VAIN_FACTOR = 0.3;

const CORRELATED_SCORE = 0.25;

/**
 * Judges a diagnosis by the cure: the foremost suspect among the components that were brought back
 * is PROVEN when the trouble ended with it; when it did not, every such suspect becomes weaker
 * (recovery.md 4.2, rule 7), which may put another first.
 */
export function judgeByRun(diagnosis: Diagnosis, attempt: CureAttempt): Diagnosis {
  const restored = new Set(attempt.components);
  const first = diagnosis.suspects.find(({ component }) => restored.has(component));
  if (first === undefined) return diagnosis;
  const judged = diagnosis.suspects.map((suspect) => {
    if (attempt.healed) return suspect === first ? proven(suspect, attempt) : suspect;
    return restored.has(suspect.component) ? weakened(suspect, attempt) : suspect;
  });
  const ranked = judged
    .toSorted((a, b) => order(b) - order(a) || b.score - a.score || a.rank - b.rank)
    .map((suspect, at) => ({ ...suspect, rank: at + 1 }));
  return { ...diagnosis, suspects: ranked };
}

const order = ({ verdict }: Suspect): number => (verdict === 'PROVEN' ? 1 : 0);

function proven(suspect: Suspect, { run, checkpoint }: CureAttempt): Suspect {
  const cure = `going back to ${checkpoint} brought ${suspect.component} back`;
  const text = `${cure}, and the trouble ended (run ${run})`;
  return {
    ...suspect,
    verdict: 'PROVEN',
    score: 1,
    reasons: [{ text, evidence: [checkpoint] }, ...suspect.reasons],
  };
}

function weakened(suspect: Suspect, { run, checkpoint }: CureAttempt): Suspect {
  const score = Math.round(suspect.score * VAIN_FACTOR * 1000) / 1000;
  const text = `against: going back to ${checkpoint} did not end the trouble (run ${run})`;
  return {
    ...suspect,
    score,
    verdict: score >= CORRELATED_SCORE ? 'CORRELATED' : 'UNKNOWN',
    reasons: [...suspect.reasons, { text, evidence: [checkpoint] }],
  };
}
