import type { CallAnswer } from '../../../api/client.ts';
import type { Screen } from '../../screen/screen.ts';

type History = NonNullable<CallAnswer<'runShow'>['history']>;

/** Prints how long a run was in each of its states, in the order it came to them. */
export function showHistory(history: History, screen: Screen): void {
  const parts = history.flatMap(({ state, at }, index) => {
    const next = history[index + 1];
    if (next === undefined) return [];
    const seconds = (Date.parse(next.at) - Date.parse(at)) / 1000;
    return [`${state} ${seconds.toFixed(1)} s`];
  });
  if (parts.length > 0) screen.out(`  ${parts.join(' · ')}`);
}
