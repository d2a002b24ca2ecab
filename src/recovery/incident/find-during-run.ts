import { parseRfc3339, toUnixMs } from '../../base/time.ts';
import type { DuringRun } from '../../model/incident/during-run.ts';
import type { Signal } from '../../model/incident/signal.ts';
import type { RunTouch, RunTouches } from '../../model/run/run-touches.ts';
import type { Link } from './group-signal.ts';

/** As far as trouble is grouped along calls: further up, everything stands on everything. */
const STEPS_MAX = 2;

/** Paths named in the sentence; the run's report has them all. */
const PATHS_MAX = 2;

/**
 * The run that was changing or holding the component of a signal, or what that stands on, as its
 * trouble began; of several the one whose last step came latest. Undefined when there was none.
 */
export function findDuringRun(
  signal: Signal,
  runs: readonly RunTouches[],
  links: readonly Link[],
): DuringRun | undefined {
  const began = msOf(signal.firstBadAt);
  if (signal.phase !== 'raised' || began === undefined) return undefined;
  const beneath = standsOn(signal.component, links);
  const found = runs.flatMap(({ run, touches, until }) => {
    const end = until === undefined ? Infinity : (msOf(until) ?? -Infinity);
    if (began > end) return [];
    const before = touches.filter(({ at }) => (msOf(at) ?? Infinity) <= began);
    const last = before.findLast(({ component }) => beneath.has(component));
    return last === undefined ? [] : [{ run, last, afterMs: began - (msOf(last.at) ?? began) }];
  });
  const [nearest] = found.toSorted((a, b) => a.afterMs - b.afterMs || (a.run < b.run ? -1 : 1));
  if (nearest === undefined) return undefined;
  const { run, last, afterMs } = nearest;
  const { trigger, component, firstBadAt } = signal;
  const step = last.direction === 'forward' ? { step: last.step } : {};
  const text = sentenceOf(signal, run, last, afterMs);
  return { run, trigger, component, firstBadAt, ...step, changed: last.state, afterMs, text };
}

function sentenceOf(signal: Signal, run: string, touch: RunTouch, afterMs: number): string {
  const { trigger, component } = signal;
  const seconds = Math.round(afterMs / 1000);
  const { paths, state, step } = touch;
  const named = paths.slice(0, PATHS_MAX).join(', ');
  const more = paths.length > PATHS_MAX ? ` and ${paths.length - PATHS_MAX} more` : '';
  const what = named === '' ? state : `${named}${more} of ${state}`;
  const when = `${trigger} on ${component} began ${seconds} s after`;
  return touch.direction === 'forward'
    ? `${when} step ${step} of run ${run}, which changed ${what}`
    : `${when} run ${run} began to take ${what} back`;
}

/** A component and what it stands on, as far as trouble travels. */
function standsOn(component: string, links: readonly Link[]): ReadonlySet<string> {
  const reached = new Set([component]);
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const next = links.filter(({ from }) => reached.has(from)).map(({ to }) => to);
    for (const name of next) reached.add(name);
  }
  return reached;
}

function msOf(at: string): number | undefined {
  const time = parseRfc3339(at);
  return time === undefined ? undefined : toUnixMs(time);
}
