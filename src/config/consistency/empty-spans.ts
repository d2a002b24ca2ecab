import { parseRfc3339 } from '../../base/time.ts';
import type { FoundProblem } from '../problem.ts';
import type { Config } from '../schema.ts';

/** Times and limits between which nothing lies: what they are for would never happen. */
export function emptySpanProblems(config: Config): readonly FoundProblem[] {
  return [...endedFreezes(config), ...triggersThatStay(config), ...windowsOfNothing(config)];
}

/** A window that ends before it begins would freeze nothing, on the night it was meant for. */
function endedFreezes({ freeze }: Config): readonly FoundProblem[] {
  return freeze.flatMap(({ from, to }, i) => {
    const [begin, end] = [parseRfc3339(from), parseRfc3339(to)];
    if (begin === undefined || end === undefined || begin < end) return [];
    const message = `it ends before it begins, so nothing would be frozen; write a time after from`;
    return [{ path: ['freeze', i, 'to'], message, value: to }];
  });
}

/** Cleared at a value above which it fires, a signal would come and go with every record. */
function triggersThatStay({ triggers }: Config): readonly FoundProblem[] {
  return triggers.flatMap((trigger, i) => {
    if (trigger.signal === 'alert') return [];
    const { above, clearAt } = trigger;
    if (clearAt === undefined || clearAt <= above) return [];
    const message = `it clears at more than it fires above (${above}); write at most that`;
    return [{ path: ['triggers', i, 'clearAt'], message, value: clearAt }];
  });
}

/** In no time nothing is counted. */
function windowsOfNothing({ triggers }: Config): readonly FoundProblem[] {
  return triggers.flatMap(({ window }, i) => {
    if (window > 0) return [];
    const message = 'in no time nothing is counted; write 1s or more';
    return [{ path: ['triggers', i, 'window'], message }];
  });
}
