import type { Finding } from '../../api/contract.ts';
import { heldWords, type RunView } from '../../model/run/run.ts';

/** The runs that wait for a person: what they hold stays as it is until somebody has looked. */
export function examineRuns(active: readonly RunView[]): readonly Finding[] {
  return active
    .filter(({ state }) => state === 'NEEDS_OPERATOR')
    .map((view) => ({
      area: 'rollback',
      subject: view.run,
      ok: false,
      seen: `needs an operator, holds ${heldWords(view)}: ${view.why ?? ''}`,
      mend: `lastgood rollback status ${view.run}`,
    }));
}
