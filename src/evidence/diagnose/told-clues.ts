import { SEVERITY } from '../../model/record/severity.ts';
import type { Clue } from './clue.ts';
import type { DiagnosisInput, ToldTrouble } from './diagnosis-input.ts';

/** What is told of a component says where it hurts, the worse the surer; below it says nothing. */
const SCORES = [
  { severity: SEVERITY.critical, score: 0.5 },
  { severity: SEVERITY.error, score: 0.4 },
  { severity: SEVERITY.warn, score: 0.25 },
] as const;

/** What its teller looks at again before he is sure. */
const PENDING_FACTOR = 0.5;

/** Clues from what others told, and from what was found by comparing two windows. */
export function toldClues({ told = [], compared = [] }: DiagnosisInput): readonly Clue[] {
  return [
    ...told.flatMap(toldClue),
    ...compared.flatMap(({ component, score, reasons, resource }) =>
      reasons.map(({ text, evidence }): Clue => {
        const base = { component, kind: 'otherwise', score, text, evidence } as const;
        return resource === undefined ? base : { ...base, resource };
      }),
    ),
  ];
}

function toldClue(one: ToldTrouble): readonly Clue[] {
  const full = SCORES.find(({ severity }) => one.severity >= severity)?.score;
  if (full === undefined) return [];
  // What is told every hour is no news.
  const score = (full * (one.isPending ? PENDING_FACTOR : 1)) / (1 + one.before);
  const { component, text, at } = one;
  // That a link is gone is no consequence of what others do; whatever else is told may be.
  const kind = one.eventName === 'network.interface.state_changed' ? 'lost' : 'signal';
  return [{ component, kind, score, text, evidence: [], firstAt: at }];
}
