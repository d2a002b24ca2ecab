import type { Disk } from '../../base/disk.ts';
import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { hideSecrets } from '../../model/checkpoint/secret-text.ts';
import { resumeWords } from '../../model/component/pause.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { isExpired, remainingMs } from '../../model/run/instant.ts';
import { instantOf, type Clock } from '../../ports/clock.ts';
import type { PausedNow } from '../../ports/provider-client.ts';
import { isAlive } from '../process-table.ts';
import { TurnTaking } from '../turn-taking.ts';
import type { DeadManNews } from '../deadman/dead-man-news.ts';
import { FOLDERS_MAX, whenDone } from '../deadman/dead-men.ts';
import { KeepArmed } from '../deadman/keep-armed.ts';
import { moveDeadline } from '../deadman/move-deadline.ts';
import type { DeadManLauncher } from '../deadman/start-dead-man.ts';
import { letGo, type PauseTools } from './let-go.ts';
import {
  deadManFolder,
  isRunFolderName,
  pauseWatch,
  runFolderName,
  type RunFolder,
} from '../deadman/run-folder.ts';
import { allGoOn, endWhenAllGoOn, keyOf, stopWriter, type PauseOrder } from './stop-writer.ts';

/**
 * Who stands still on a host for a run or a checkpoint. A dead-man watches over each: he is there,
 * and how to let go on is durable, before anybody is told to stop.
 */
export interface Pauses {
  pause(order: PauseOrder, signal: AbortSignal): Promise<Result<void>>;
  /** Gives whoever is paused for a run at least so many seconds from now; see `moveDeadline`. */
  extend(run: string, seconds: number): Promise<Result<void>>;
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
  /** Leaves those that watch alone from now on. */
  stop(): Promise<void>;
}

/** What they are made of. */
export interface PauseParts extends PauseTools {
  readonly disk: Disk;
  readonly folder: string;
  readonly open: (name: string) => RunFolder;
  readonly log: Log;
  readonly launcher: DeadManLauncher;
  /** Hears of dead-men that end before their time. */
  readonly tell: (news: DeadManNews) => void;
}

/** Opens the pauses of a host runner. */
export function openPauses(parts: PauseParts): Pauses {
  const { open, clock, launcher, log, tell } = parts;
  const folderOf = (run: string): RunFolder => open(runFolderName(pauseWatch(run)));
  // What is noted of two who go on at once would overwrite each other.
  const turns = new TurnTaking();
  const go: LetGo = (at, key) => turns.take(at.path, () => letGo(at, parts, key));
  const finish = (at: RunFolder): Promise<boolean> => finishFor(at, go, log);
  const watch = { over: 'writers', watchOf: pauseWatch, folderOf } as const;
  const keeper = new KeepArmed({ ...watch, launcher, clock, log, tell, finish });
  const stopParts = {
    ...parts,
    arm: (run: string, signal: AbortSignal) => keeper.arm(run, signal),
  };
  return {
    pause: (order, signal) => stopWriter(folderOf(order.run), order, signal, stopParts),
    async extend(run, seconds) {
      const at = folderOf(run);
      // Nobody was paused: he stood still before, or went on since.
      if ((await at.readRun()) === undefined) return ok(undefined);
      return turns.take(at.path, () => moveDeadline(at, run, seconds, clock));
    },
    async resume(run, component, writer, signal) {
      const at = folderOf(run);
      const file = await at.readRun();
      if (file === undefined) return ok('resumed');
      // A dead-man that is letting go is not met half-way.
      if ((await at.readEnd()) === 'fired') {
        const done = await whenDone(at, signal);
        if (!done.ok) return done;
      }
      const [problem] = await go(at, keyOf(component, writer));
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
        try {
          const run = await takeUp(open(name), go, parts);
          if (run !== undefined) await keeper.adopt(run);
        } catch (thrown) {
          log.error('PauseTakeUpError', { why: messageOf(thrown) });
        }
      }
    },
    stop: () => keeper.stop(),
  };
}

type LetGo = (at: RunFolder, key?: string) => ReturnType<typeof letGo>;

async function namesOf({ disk, folder }: PauseParts): Promise<readonly string[]> {
  const names = await disk.list(deadManFolder(folder));
  return names.filter(isRunFolderName).slice(0, FOLDERS_MAX);
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
      byHand: hideSecrets(resumeWords(way, armed?.pid).join(' ')),
      ...(problem === undefined ? {} : { problem }),
    }));
}

/** Answers the run that somebody is still paused for, whose dead-man is to be kept. */
async function takeUp(
  at: RunFolder,
  go: LetGo,
  { clock, log }: PauseParts,
): Promise<string | undefined> {
  const file = await at.readRun();
  if (file?.paused === undefined || file.states.length > 0) return undefined;
  const armed = await at.readArmed();
  // One that lives does it all by itself. Before there was one, nobody was told to stand still.
  if (armed !== undefined && isAlive(armed)) return file.run;
  const isOver = (await at.readEnd()) !== undefined || isExpired(file.deadline, instantOf(clock));
  if (armed !== undefined && !isOver) return file.run;
  if (!(await letAllGo(at, go, log))) return file.run;
  await endWhenAllGoOn(at);
  return undefined;
}

/**
 * What a dead-man left undone that ended when the time was up, or could not be replaced before it
 * was. His folder stays: whoever asks to let go on reads there that it was too late.
 */
async function finishFor(at: RunFolder, go: LetGo, log: Log): Promise<boolean> {
  if (allGoOn(await at.readRun())) return true;
  const armed = await at.readArmed();
  if (armed !== undefined && isAlive(armed)) return false;
  await at.end('fired');
  return letAllGo(at, go, log);
}

async function letAllGo(at: RunFolder, go: LetGo, log: Log): Promise<boolean> {
  const problems = await go(at);
  for (const why of problems) log.error('PauseResumeError', { folder: at.path, why });
  return problems.length === 0;
}
