import { blameComponents } from './blame.ts';
import { changeClues } from './change-clues.ts';
import { dateOnset } from './date-onset.ts';
import type { DiagnosisInput, Finding } from './diagnosis-input.ts';
import { rankCases } from './rank-cases.ts';
import { adviseRollback } from './rollback-advice.ts';
import { spokenChanges } from './spoken-changes.ts';
import { tellSuspects } from './tell-suspects.ts';

/**
 * Names what is behind an incident, and whether going back would help. Three steps, each of which
 * explains itself in sentences: who is in trouble that its callees do not explain; which changes
 * since the last good checkpoint lie there, or near; what a rollback would take back. Pure and
 * deterministic; no evidence gives no suspects rather than a guess.
 */
export function diagnose(given: DiagnosisInput): Finding {
  const blames = blameComponents(given);
  const changes = [...given.changes, ...spokenChanges(given)];
  const input = dateOnset({ ...given, changes }, blames);
  const cases = rankCases(blames, changeClues(input, blames));
  const suspects = tellSuspects(input, cases);
  return {
    incident: { from: given.incident.from, to: given.incident.to },
    suspects,
    rollback: adviseRollback(input, cases, suspects),
  };
}
