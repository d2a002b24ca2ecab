import type { RunEntry } from '../../model/run/run-journal.ts';
import type { RunTouch, RunTouches } from '../../model/run/run-touches.ts';

/** When a run changed what, from its journal: an INTENT that is no longer void is a change. */
export function touchesOf(run: string, entries: readonly RunEntry[]): RunTouches {
  const touches: RunTouch[] = [];
  let until: string | undefined;
  for (const entry of entries) {
    if (entry.kind === 'intent') {
      const { direction, at } = entry;
      const { id: step, state, component, paths } = entry.step;
      touches.push({ direction, step, state, component, paths, at });
    } else if (entry.kind === 'untouched') {
      const last = touches.findLastIndex(
        (one) => one.direction === entry.direction && one.step === entry.step,
      );
      if (last >= 0) touches.splice(last, 1);
    } else if (entry.kind === 'ended') {
      until = entry.state === 'NEEDS_OPERATOR' ? undefined : entry.at;
    } else if (entry.kind === 'resumed') {
      until = undefined;
    } else if (entry.kind === 'released') {
      until = entry.at;
    }
  }
  return until === undefined ? { run, touches } : { run, touches, until };
}
