import { messageOf } from '../../base/error.ts';
import type { Disk } from '../../base/disk.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { pauseWords, resumeWords, type Pause } from '../../model/component/pause.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { isExpired, remainingMs } from '../../model/run/instant.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import type { PausedNow } from '../../ports/provider.ts';
import { isAlive } from '../process-table.ts';
import { FOLDERS_MAX, forget, whenDone } from './dead-men.ts';
import { startDeadMan, type DeadManLauncher } from './start-dead-man.ts';
import { letGo, standsStill, succeed, type RunPause } from './let-go.ts';
import {
  deadManFolder,
  isRunFolderName,
  pauseWatch,
  runFolderName,
  watchedBy,
  type PausedWriter,
  type RunFile,
  type RunFolder,
} from './run-folder.ts';

/** Whom to pause. */
export interface PauseOrder {
  readonly run: string;
  readonly component: string;
  readonly pause: Pause;
  /** After these he goes on, whoever has died. */
  readonly seconds: number;
}

/**
 * Who stands still on a host for a run or a checkpoint. A dead-man watches over each: he is there,
 * and how to let go on is durable, before anybody is told to stop.
 */
export interface Pauses {
  pause(order: PauseOrder, signal: AbortSignal): Promise<Result<void>>;
  /** See `ProviderClient.resume`. */
  resume(
    run: string,
    component: string,
    writer: string,
    signal: AbortSignal,
  ): Promise<Result<'resumed' | 'expired'>>;
  /** Everybody who stands still. */
  list(): Promise<readonly PausedNow[]>;
  /** After a restart: dead-men that are gone are started anew, and who is overdue goes on. */
  takeUp(): Promise<void>;
}

/** What they are made of. */
export interface PauseParts {
  readonly disk: Disk;
  readonly folder: string;
  readonly open: (name: string) => RunFolder;
  readonly clock: Clock;
  readonly launcher: DeadManLauncher;
  readonly run: RunPause;
  readonly log: Log;
}

/** To start a dead-man takes a second; on a host that is overloaded, many. */
const START_MS = 30_000;

/** Opens the pauses of a host runner. */
export function openPauses(parts: PauseParts): Pauses {
  const { open, clock } = parts;
  const folderOf = (run: string): RunFolder => open(runFolderName(pauseWatch(run)));
  return {
    pause: (order, signal) => pause(folderOf(order.run), order, signal, parts),
    async resume(run, component, writer, signal) {
      const at = folderOf(run);
      const file = await at.readRun();
      if (file === undefined) return ok('resumed');
      // A dead-man that is letting go is not met half-way.
      if ((await at.readEnd()) === 'fired') {
        const done = await whenDone(at, signal);
        if (!done.ok) return done;
      }
      const [problem] = await letGo(at, parts.run, keyOf(component, writer));
      if (problem !== undefined) return err(lgError('LG_PROVIDER_PAUSE', problem));
      const isLate = isExpired(file.deadline, instantOf(clock));
      const ended = await endWhenAllGoOn(at);
      return ok(isLate || ended === 'fired' ? 'expired' : 'resumed');
    },
    async list() {
      const all = await Promise.all(
        (await namesOf(parts)).map((name) => listed(open(name), clock)),
      );
      return all.flat();
    },
    async takeUp() {
      for (const name of await namesOf(parts)) {
        await takeUp(open(name), parts).catch((thrown: unknown) =>
          parts.log.error('PauseTakeUpError', { why: messageOf(thrown) }),
        );
      }
    },
  };
}

function keyOf(component: string, writer: string): string {
  return `${component}/${writer}`;
}

async function namesOf({ disk, folder }: PauseParts): Promise<readonly string[]> {
  const names = await disk.list(deadManFolder(folder));
  return names.filter(isRunFolderName).slice(0, FOLDERS_MAX);
}

async function pause(
  at: RunFolder,
  { run, component, pause: wanted, seconds }: PauseOrder,
  signal: AbortSignal,
  parts: PauseParts,
): Promise<Result<void>> {
  if ((await at.readEnd()) !== undefined) {
    return refused(wanted, `the time of ${run} is up`);
  }
  const file: RunFile = (await at.readRun()) ?? {
    run,
    deadline: { set: instantOf(parts.clock), afterMs: seconds * 1000 },
    token: 0,
    states: [],
  };
  const key = keyOf(component, wanted.name);
  const paused = file.paused ?? [];
  const isKnown = paused.some((one) => one.key === key);
  // Who stands still already was stopped by somebody who will start him again, or not.
  if (!isKnown && (await standsStill(wanted, parts.run)) === true) return ok(undefined);
  const next = isKnown ? file : { ...file, paused: [...paused, { ...wanted, key }] };
  if (!isKnown) await at.writeRun(next);
  const within = START_MS + (wanted.way.kind === 'lock' ? wanted.timeoutMs : 0);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(within)]);
  const watch = { at, run: pauseWatch(run), states: watchedBy(next) };
  const told = await startDeadMan(watch, parts.launcher, patience);
  if (!told.ok) {
    // Nothing was done to him yet, so there is nothing to undo.
    await at.writeRun({ ...next, paused: (next.paused ?? []).map((one) => skip(one, key)) });
    await endWhenAllGoOn(at);
    const { way } = wanted;
    if (way.kind !== 'lock') return told;
    return refused(wanted, `its lock was not free within ${wanted.timeoutMs} ms`);
  }
  return stop(wanted, parts.run);
}

async function stop(wanted: Pause, run: RunPause): Promise<Result<void>> {
  if (wanted.way.kind === 'lock') return ok(undefined);
  const words = pauseWords(wanted.way);
  const told = await succeed(words, wanted.timeoutMs, run);
  if (!told.ok) return refused(wanted, told.error.detail);
  if ((await standsStill(wanted, run)) !== false) return ok(undefined);
  return refused(wanted, `${words.join(' ')} ended well, and it does not stand still`);
}

function refused({ name }: Pause, why: string): Result<void> {
  return err(lgError('LG_PROVIDER_PAUSE', `${name}: ${why}`));
}

function skip(one: PausedWriter, key: string): PausedWriter {
  return one.key === key ? { ...one, resumed: true } : one;
}

/** Ends the watch over a folder in which nobody stands still any more. */
export async function endWhenAllGoOn(at: RunFolder): Promise<'disarmed' | 'fired' | undefined> {
  const file = await at.readRun();
  if ((file?.paused ?? []).some(({ resumed }) => resumed !== true)) return at.readEnd();
  const ended = await at.end('disarmed');
  await forget(at);
  return ended;
}

async function listed(at: RunFolder, clock: Clock): Promise<readonly PausedNow[]> {
  const file = await at.readRun();
  if (file?.paused === undefined) return [];
  const armed = await at.readArmed();
  const isWatched = armed !== undefined && isAlive(armed);
  const seconds = Math.max(0, Math.ceil(remainingMs(file.deadline, instantOf(clock)) / 1000));
  return file.paused
    .filter(({ resumed, way }) => resumed !== true && (way.kind !== 'lock' || isWatched))
    .map(({ name, way, problem }) => ({
      run: file.run,
      name,
      seconds,
      byHand: resumeWords(way).join(' '),
      ...(problem === undefined ? {} : { problem }),
    }));
}

async function takeUp(at: RunFolder, { clock, launcher, run, log }: PauseParts): Promise<void> {
  const file = await at.readRun();
  if (file?.paused === undefined || file.states.length > 0) return;
  const armed = await at.readArmed();
  // One that lives does it all by itself.
  if (armed !== undefined && isAlive(armed)) return;
  const isOver = (await at.readEnd()) !== undefined || isExpired(file.deadline, instantOf(clock));
  if (!isOver) {
    launcher.launch(pauseWatch(file.run));
    return;
  }
  const problems = await letGo(at, run);
  for (const why of problems) log.error('PauseResumeError', { run: file.run, why });
  await endWhenAllGoOn(at);
}
