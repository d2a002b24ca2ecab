import { err, ok, type Result } from '../../base/result.ts';
import { pauseWords, type Pause } from '../../model/component/pause.ts';
import { shownCommand } from '../../model/errors/failed-command.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { remainingMs } from '../../model/run/instant.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import { forget } from '../deadman/dead-men.ts';
import { comesTo, letGo, standsStill, succeed, type PauseTools } from './let-go.ts';
import { type PausedWriter, type RunFile, type RunFolder } from '../deadman/run-folder.ts';

/** Whom to pause. */
export interface PauseOrder {
  readonly run: string;
  readonly component: string;
  readonly pause: Pause;
  /** After these he goes on, whoever has died. */
  readonly seconds: number;
}

/** What that needs. */
export interface StopParts extends PauseTools {
  /** Has a dead-man watch over all who are paused for a run; answers once it does. */
  readonly arm: (run: string, signal: AbortSignal) => Promise<Result<void>>;
}

/** To start a dead-man takes a second; on a host that is overloaded, many. */
const START_MS = 30_000;

/** A command that pauses has ended, or was ended, before the dead-man lets go of whom it paused. */
const STOP_SHARE_MAX = 0.8;

/** The name of a writer within a folder. */
export function keyOf(component: string, writer: string): string {
  return `${component}/${writer}`;
}

/**
 * Pauses somebody: writes down how he goes on, has a dead-man watch over it, and only then tells
 * him. The time he is given counts from there on, not from when the dead-man was started.
 */
export async function stopWriter(
  at: RunFolder,
  order: PauseOrder,
  signal: AbortSignal,
  parts: StopParts,
): Promise<Result<void>> {
  const { run, component, pause, seconds } = order;
  if ((await at.readEnd()) !== undefined) return refused(pause, `the time of ${run} is up`);
  const key = keyOf(component, pause.name);
  const before = await at.readRun();
  const isKnown = before?.paused?.some((one) => one.key === key) === true;
  // Who stands still already was stopped by somebody who will start him again, or not.
  if (!isKnown && (await standsStill(pause, parts.run)) === true) return ok(undefined);
  const withinMs = START_MS + (pause.way.kind === 'lock' ? pause.timeoutMs : 0);
  const file = enlist(before, order, key, withinMs, parts.clock);
  await at.writeRun(file);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  const guarded = await parts.arm(run, patience);
  if (!guarded.ok) {
    await strike(at, file, key);
    if (pause.way.kind !== 'lock') return guarded;
    return refused(pause, `its lock was not free within ${pause.timeoutMs} ms`);
  }
  if ((await at.readEnd()) !== undefined) return refused(pause, `the watch over ${run} has ended`);
  const isFirst = before === undefined;
  const deadline = { set: instantOf(parts.clock), afterMs: seconds * 1000 };
  if (isFirst) await at.writeRun({ ...file, deadline });
  return tell(at, pause, key, isFirst ? deadline : file.deadline, parts);
}

/** Until the dead-man is there nobody is paused, so the time it takes to start is not counted. */
function enlist(
  before: RunFile | undefined,
  { run, pause, seconds }: PauseOrder,
  key: string,
  withinMs: number,
  clock: Clock,
): RunFile {
  const file: RunFile = before ?? {
    run,
    deadline: { set: instantOf(clock), afterMs: seconds * 1000 + withinMs },
    token: 0,
    states: [],
  };
  const paused = (file.paused ?? []).filter((one) => one.key !== key);
  return { ...file, paused: [...paused, { ...pause, key }] };
}

/** Nothing was done to him, so there is nothing to undo. */
async function strike(at: RunFolder, file: RunFile, key: string): Promise<void> {
  const paused = (file.paused ?? []).map((one): PausedWriter =>
    one.key === key ? { ...one, resumed: true } : one,
  );
  await at.writeRun({ ...file, paused });
  await endWhenAllGoOn(at);
}

async function tell(
  at: RunFolder,
  pause: Pause,
  key: string,
  deadline: RunFile['deadline'],
  parts: StopParts,
): Promise<Result<void>> {
  const leftMs = remainingMs(deadline, instantOf(parts.clock));
  const limitMs = Math.min(pause.timeoutMs, Math.floor(leftMs * STOP_SHARE_MAX));
  if (limitMs <= 0) return refused(pause, 'the time of those who are paused with it is up');
  const told = await stop(pause, limitMs, parts);
  if (!told.ok || (await at.readEnd()) !== 'fired') return told;
  // The dead-man was faster: he was let go on and paused in the wrong order.
  const [problem] = await letGo(at, parts, key, { again: true });
  return refused(pause, problem ?? 'it took longer than it may be paused');
}

async function stop(pause: Pause, timeoutMs: number, tools: PauseTools): Promise<Result<void>> {
  if (pause.way.kind === 'lock') return ok(undefined);
  const words = pauseWords(pause.way);
  const told = await succeed(words, timeoutMs, tools.run);
  if (!told.ok) return refused(pause, told.error.detail);
  if (await comesTo(true, pause, timeoutMs, tools)) return ok(undefined);
  return refused(pause, `${shownCommand(words)} ended well, and it does not stand still`);
}

function refused({ name }: Pause, why: string): Result<void> {
  return err(lgError('LG_PROVIDER_PAUSE', `${name}: ${why}`));
}

/** Whether nobody stands still any more of those who were paused. */
export function allGoOn(file: RunFile | undefined): boolean {
  return (file?.paused ?? []).every(({ resumed }) => resumed === true);
}

/** Ends the watch over a folder in which nobody stands still any more. */
export async function endWhenAllGoOn(at: RunFolder): Promise<'disarmed' | 'fired' | undefined> {
  if (!allGoOn(await at.readRun())) return at.readEnd();
  const ended = await at.end('disarmed');
  await forget(at);
  return ended;
}
