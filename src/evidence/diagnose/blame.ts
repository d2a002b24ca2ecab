import { callClues } from './call-clues.ts';
import { type Clue, type ClueKind, isDeath } from './clue.ts';
import { deathClues } from './death-clues.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { explain, type Explanation } from './explanation.ts';
import { noisyOr } from './likelihood.ts';
import { refusalClues } from './refusal-clues.ts';
import { errorClues, logClues, slowClues } from './service-clues.ts';
import { shortageClues } from './shortage-clues.ts';
import { toldClues } from './told-clues.ts';
import { wayClues } from './way-clues.ts';

/** How much one component is in trouble by itself. */
export interface Blame {
  readonly component: string;
  /** 0..1, all its trouble. */
  readonly raw: number;
  /** 0..1, what failing callees do not explain. */
  readonly own: number;
  readonly explanation: Explanation;
  /** Its process seems to be gone. */
  readonly isDead: boolean;
  /** Strongest first. */
  readonly clues: readonly Clue[];
}

/** From here on a component counts as dead, not only as doubtful. */
const DEAD_MIN = 0.5;

/** A trigger that fired says where it hurts, even when nothing was counted. */
const SYMPTOM_SCORE = 0.3;

/** Explained trouble is never quite gone: the component may have a fault of its own as well. */
const EXPLAINED_WEIGHT = 0.92;

/**
 * Kinds of clues that a failing callee explains; who retries or waits becomes slow as well. Death
 * and a wrong address are one's own.
 */
const EXPLAINABLE: ReadonlySet<ClueKind> = new Set([
  'errors',
  'logs',
  'calls',
  'slow',
  'signal',
  'probe',
]);

/** Judges every component that something speaks against, the most to blame first. */
export function blameComponents(input: DiagnosisInput): readonly Blame[] {
  const seen = [
    ...errorClues(input.evidence),
    ...logClues(input.evidence),
    ...slowClues(input.evidence),
    ...callClues(input),
    ...deathClues(input),
    ...shortageClues(input),
    ...refusalClues(input),
    ...toldClues(input),
    ...input.symptoms.filter(({ phase }) => phase === 'raised').map(symptomClue),
  ];
  const clues = [...seen, ...wayClues(input, seen)];
  const names = [...new Set(clues.map(({ component }) => component))];
  const raw = new Map(names.map((name) => [name, scoreOf(clues, name, 0)] as const));
  const explanations = explain(input, clues, raw);
  return names
    .map((component): Blame => {
      const own = clues
        .filter((clue) => clue.component === component)
        .toSorted((a, b) => b.score - a.score);
      const explanation = explanations.get(component) ?? { share: 0, by: [], basis: 'calls' };
      return {
        component,
        raw: raw.get(component) ?? 0,
        own: scoreOf(clues, component, explanation.share),
        explanation,
        isDead: noisyOr(own.filter(isDeath).map(({ score }) => score)) >= DEAD_MIN,
        clues: own,
      };
    })
    .toSorted((a, b) => b.own - a.own || (a.component < b.component ? -1 : 1));
}

/** 1 - product over kinds (1 - best), explained kinds reduced. */
function scoreOf(clues: readonly Clue[], component: string, explained: number): number {
  const best = new Map<ClueKind, number>();
  for (const clue of clues) {
    if (clue.component !== component) continue;
    const rest = EXPLAINABLE.has(clue.kind) ? 1 - EXPLAINED_WEIGHT * explained : 1;
    best.set(clue.kind, Math.max(best.get(clue.kind) ?? 0, clue.score * rest));
  }
  return noisyOr([...best.values()]);
}

function symptomClue(signal: DiagnosisInput['symptoms'][number]): Clue {
  return {
    component: signal.component,
    kind: 'signal',
    score: SYMPTOM_SCORE,
    text: `trigger ${signal.trigger} fired: ${signal.reason}`,
    evidence: [signal.id],
    firstAt: signal.firstBadAt,
  };
}
