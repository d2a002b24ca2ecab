import { isTerminal, type RunView } from '../../model/run/run.ts';
import { AUTOMATIC } from '../../model/access/principal.ts';
import type { AutomaticParts } from './attempt-log.ts';

/**
 * Hears runs and tells how each ended that nobody had asked for, and what is left to do. Once for
 * each time it comes to a state: one that waits for an operator changes without going anywhere.
 */
export function endTeller(tell: AutomaticParts['tell']): (view: RunView) => void {
  /** The runs that wait for an operator and were told of. */
  const waiting = new Set<string>();
  return (view) => {
    const { run, requestedBy, state, released } = view;
    if (requestedBy !== AUTOMATIC) return;
    const isTold = waiting.has(run);
    const isWaiting = state === 'NEEDS_OPERATOR' && released === undefined;
    if (isWaiting) waiting.add(run);
    else waiting.delete(run);
    // Whoever released it knows.
    if (isTerminal(state) && !isTold && released === undefined) tellEnded(view, tell);
  };
}

function tellEnded(
  { run, state, why, healed, incident }: RunView,
  tell: AutomaticParts['tell'],
): void {
  const isGood = state === 'COMMITTED' && healed === true;
  const next = isGood ? `Undo: lastgood rollback undo ${run}` : 'A person decides what is next.';
  tell({
    kind: 'rollback',
    ...(incident === undefined ? {} : { thread: incident }),
    urgency: isGood ? 'info' : 'critical',
    id: `${run}-by-itself-ended`,
    title: `Rollback ${run}, begun by itself, ended ${state}`,
    text: [...(why === undefined ? [] : [`${why}.`]), next].join(' '),
  });
}
