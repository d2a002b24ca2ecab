import type { CheckState } from '../../model/health/check-state.ts';
import type { ProbeColor, ProbeSample } from '../../model/health/verdict.ts';

/** A check that was looked at, and what it may be turning to. */
export interface SteadyCheck {
  readonly state: CheckState;
  /** Looks in a row that say something else than the state does. */
  readonly turning?: { readonly color: ProbeColor; readonly looks: number; readonly since: string };
}

/**
 * Takes one more look at a check. The first look is believed, since there is nothing better; from
 * then on only `looksNeeded` in a row change what is said, and it is so since the first of them. A
 * single lost packet is no outage, and a single answer in an outage no recovery.
 */
export function takeLook(
  known: SteadyCheck | undefined,
  sample: ProbeSample,
  at: string,
  looksNeeded: number,
): SteadyCheck {
  if (known === undefined) return { state: { ...sample, since: at, lastAt: at } };
  const { state, turning } = known;
  if (sample.color === state.color) {
    const { newest: _, ...steady } = state;
    return { state: { ...steady, seen: sample.seen, lastAt: at } };
  }
  const goesOn = turning?.color === sample.color;
  const since = goesOn ? turning.since : at;
  const looks = goesOn ? turning.looks + 1 : 1;
  if (looks >= looksNeeded) return { state: { ...sample, since, lastAt: at } };
  const turned = { color: sample.color, looks, since };
  const newest = { color: sample.color, seen: sample.seen };
  return { state: { ...state, lastAt: at, newest }, turning: turned };
}
