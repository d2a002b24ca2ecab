import { isTerminal, type RunView } from '../../model/run/run.ts';
import { AUTOMATIC } from '../../model/access/principal.ts';
import type { AutomaticParts } from './automatic.ts';

/** Tells how a run ended that nobody had asked for, and what is left to do. */
export function tellEnded(view: RunView, tell: AutomaticParts['tell']): void {
  const { run, requestedBy, state, why, healed } = view;
  if (requestedBy !== AUTOMATIC || !isTerminal(state)) return;
  const isGood = state === 'COMMITTED' && healed === true;
  const next = isGood ? `Undo: lastgood rollback undo ${run}` : 'A person decides what is next.';
  tell({
    kind: 'rollback',
    urgency: isGood ? 'info' : 'critical',
    id: `${run}-by-itself-ended`,
    title: `Rollback ${run}, begun by itself, ended ${state}`,
    text: [...(why === undefined ? [] : [`${why}.`]), next].join(' '),
  });
}
