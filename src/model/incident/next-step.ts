import type { Incident } from './incident.ts';
import type { RollbackAdvice } from './suspect.ts';

/** What the next step of an incident depends on; `advice` where it was diagnosed. */
export type NextSubject = Pick<Incident, 'id' | 'state' | 'firing' | 'runs'> & {
  readonly advice?: Pick<RollbackAdvice, 'helps'>;
};

/** The command that is next for an incident, and why; undefined where there is nothing to do. */
export function nextStep({ id, state, firing, runs, advice }: NextSubject): string | undefined {
  if (state === 'closed' || state === 'verifying') return undefined;
  const run = runs.at(-1);
  if (state === 'mitigating') {
    return run === undefined ? undefined : `lastgood rollback status ${run}`;
  }
  if (firing.length === 0) {
    return `lastgood incident close ${id} --reason TEXT: nothing of it fires any more`;
  }
  return advice?.helps === 'yes' ? `lastgood rollback plan --incident ${id}` : undefined;
}
