import type { Incident } from './incident.ts';
import type { RollbackAdvice } from './suspect.ts';

/** What the next step of an incident depends on; `advice` where it was diagnosed. */
export type NextSubject = Pick<Incident, 'id' | 'state' | 'firing' | 'runs'> & {
  readonly advice?: Pick<RollbackAdvice, 'helps'>;
};

/** What to type next, and why where that does not go without saying. */
export interface NextStep {
  readonly command: string;
  readonly why?: string;
}

/** What is next for an incident; undefined where there is nothing to do. */
export function nextStep({ id, state, firing, runs, advice }: NextSubject): NextStep | undefined {
  if (state === 'closed' || state === 'verifying') return undefined;
  const run = runs.at(-1);
  if (state === 'mitigating') {
    return run === undefined ? undefined : { command: `lastgood rollback status ${run}` };
  }
  if (firing.length === 0) {
    const command = `lastgood incident close ${id} --reason TEXT`;
    return { command, why: 'nothing of it fires any more' };
  }
  if (advice?.helps !== 'yes') return undefined;
  return { command: `lastgood rollback plan --incident ${id}` };
}

/** The same as a line, the command last so that it can be copied. */
export function nextWords({ command, why }: NextStep): string {
  return why === undefined ? `next: ${command}` : `${why}; next: ${command}`;
}
