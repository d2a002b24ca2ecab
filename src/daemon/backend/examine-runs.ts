import type { Finding } from '../../api/contract.ts';
import type { RunView } from '../../model/run/run.ts';

/** The runs that wait for a person: what they hold stays as it is until somebody has looked. */
export function examineRuns(active: readonly RunView[]): readonly Finding[] {
  return active
    .filter(({ state }) => state === 'NEEDS_OPERATOR')
    .map(({ run, why, progress }) => ({
      area: 'rollback',
      subject: run,
      ok: false,
      seen: `needs an operator, holds ${progress.map((one) => one.state).join(', ')}: ${why ?? ''}`,
      mend: `lastgood rollback status ${run}`,
    }));
}
