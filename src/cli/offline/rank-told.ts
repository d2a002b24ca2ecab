import { diagnose } from '../../evidence/diagnose/diagnose.ts';
import type { DiagnosisInput } from '../../evidence/diagnose/diagnosis-input.ts';
import type { CaseEdge } from '../../evidence/diagnose/windows/window-case.ts';
import type { RollbackAdvice, Suspect } from '../../model/incident/suspect.ts';
import type { FileInventory } from './file-inventory.ts';
import type { ToldEvidence } from './told-evidence.ts';

/** Suspects, and whether going back would help. */
export interface RankedFiles {
  readonly suspects: readonly Suspect[];
  readonly rollback: RollbackAdvice;
}

const NOWHERE: RollbackAdvice = {
  helps: 'unknown',
  why: 'files hold no checkpoints, so nothing says what was changed or where to go back to',
};

/**
 * Joins what a comparison of two windows found with what records say in so many words. Without any
 * such words the comparison stands as it is.
 */
export function rankTold(
  incident: DiagnosisInput['incident'],
  compared: readonly Suspect[],
  { evidence, told, changes }: ToldEvidence,
  { dependencies, passive, addresses }: FileInventory,
  edges: readonly CaseEdge[],
): RankedFiles {
  const input: DiagnosisInput = {
    incident: begun(incident, { evidence, told }),
    symptoms: [],
    evidence,
    dependencies: [...dependencies, ...edges],
    passive,
    addresses,
    changes,
    told,
    probes: [],
    checkpoints: [],
  };
  const alone = diagnose(input);
  if (alone.suspects.length === 0) return { suspects: compared, rollback: NOWHERE };
  return compared.length === 0 ? alone : diagnose({ ...input, compared });
}

/** The incident from its first sign on: who asks says when to look, and not by whose clock. */
function begun(
  incident: DiagnosisInput['incident'],
  { evidence, told }: Pick<ToldEvidence, 'evidence' | 'told'>,
): DiagnosisInput['incident'] {
  const signs = [
    ...told,
    ...evidence.logs.map(({ component, firstAt: at }) => ({ component, at })),
    ...evidence.edges.map(({ to: component, firstErrorAt: at }) => ({ component, at })),
  ].flatMap(({ component, at }) => (at === undefined ? [] : [{ component, at }]));
  const [first] = signs.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  if (first === undefined || first.at < incident.from) return incident;
  return { ...incident, from: first.at, by: first.component };
}
