import type { Result } from '../../base/result.ts';
import type { RunHand, RunWorld } from '../../model/run/run-world.ts';
import { done, failed } from './act-result.ts';
import type { Act, ActResult } from './step/act.ts';

type Writers = Extract<Act, { kind: 'pause-writers' }>['writers'];

/** Tells one writer after the other, all of them also where one refuses. */
export async function eachWriter(
  writers: Writers,
  tell: (writer: Writers[number]) => Promise<Result<void>>,
): Promise<ActResult> {
  const failures: string[] = [];
  for (const writer of writers) {
    const told = await tell(writer);
    if (told.ok) continue;
    // A refusal of the runner names him already; that nobody answered does not.
    const { detail } = told.error;
    failures.push(detail.startsWith(`${writer.name}: `) ? detail : `${writer.name}: ${detail}`);
  }
  return failures.length === 0 ? { kind: 'done' } : { kind: 'failed', why: failures.join('; ') };
}

/** Arms, disarms or confirms the timer of a state. */
export async function timerAct(
  by: RunHand,
  act: Extract<Act, { kind: 'arm' | 'disarm' | 'confirm-device' }>,
  { deadMan }: RunWorld,
): Promise<ActResult> {
  if (act.kind === 'arm') return done(await deadMan.arm(by, act.order));
  if (act.kind === 'disarm') return done(await deadMan.disarm(by, act.state));
  const said = await deadMan.confirm(by, act.state);
  return said.ok ? { kind: 'device', state: said.value } : failed(said);
}

/**
 * Moves timers and the limits of pauses on. One that cannot is enough to refuse: the others only
 * wait longer than they need.
 */
export async function moveLimits(
  run: string,
  act: Extract<Act, { kind: 'extend' }>,
  { deadMan, pauseLonger }: RunWorld,
  limitMs: number,
): Promise<ActResult> {
  const by = { run, fence: act.fence };
  for (const state of act.states) {
    const told = await deadMan.extend(by, state, act.seconds);
    if (!told.ok) return failed(told);
  }
  return eachWriter(act.writers, (writer) => pauseLonger(by, writer, act.pausedSeconds, limitMs));
}

/** Timers of others on our states: they are told of and left alone. */
export async function strangersAt(
  run: string,
  states: readonly string[],
  { deadMan }: RunWorld,
): Promise<readonly string[]> {
  const found = await Promise.all(
    states.map(async (state) => ({ state, timers: await deadMan.pending(state) })),
  );
  return found.flatMap(({ state, timers }) =>
    (timers.ok ? timers.value : [])
      .filter((owner) => owner !== run)
      .map((owner) => `${state}: a timer of ${owner === '' ? 'somebody else' : owner} runs`),
  );
}
