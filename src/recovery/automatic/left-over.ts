import type { Incident } from '../../model/incident/incident.ts';
import type { RunView } from '../../model/run/run.ts';

/** What a daemon that died left open: an announcement that nobody will carry out any more. */
export interface LeftOver {
  readonly incident: string;
  readonly why: string;
}

/**
 * What must be called off after a start. Nobody could say no while the daemon was down, so an
 * announcement is not carried out afterwards; one that was begun and has no run never will. Where
 * not all runs are known, `undefined`, none that was begun is called off. Pure.
 */
export function findLeftOver(
  incidents: readonly Incident[],
  runs: readonly Pick<RunView, 'plan'>[] | undefined,
): readonly LeftOver[] {
  return incidents.flatMap(({ id, automatic }) => {
    const { announced, begunAt, calledOff } = automatic ?? {};
    if (announced === undefined || calledOff !== undefined) return [];
    if (begunAt === undefined) {
      return [{ incident: id, why: 'lastgood stopped during the delay; a person decides now' }];
    }
    if (runs === undefined || runs.some(({ plan }) => plan === announced.plan)) return [];
    return [{ incident: id, why: 'lastgood stopped before the run began; a person decides now' }];
  });
}
