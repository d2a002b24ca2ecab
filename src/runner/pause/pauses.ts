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
import { FOLDERS_MAX, whenDone } from '../deadman/dead-men.ts';
import { letGo } from './let-go.ts';
import {
  deadManFolder,
  isRunFolderName,
  pauseWatch,
  runFolderName,
  type RunFolder,
} from '../deadman/run-folder.ts';
import {
  endWhenAllGoOn,
  keyOf,
  stopWriter,
  type PauseOrder,
  type StopParts,
} from './stop-writer.ts';

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
export interface PauseParts extends StopParts {
  readonly disk: Disk;
  readonly folder: string;
  readonly open: (name: string) => RunFolder;
  readonly log: Log;
}

/** Opens the pauses of a host runner. */
export function openPauses(parts: PauseParts): Pauses {
  const { open, clock } = parts;
  const folderOf = (run: string): RunFolder => open(runFolderName(pauseWatch(run)));
  return {
    pause: (order, signal) => stopWriter(folderOf(order.run), order, signal, parts),
    async resume(run, component, writer, signal) {
      const at = folderOf(run);
      const file = await at.readRun();
      if (file === undefined) return ok('resumed');
      // A dead-man that is letting go is not met half-way.
      if ((await at.readEnd()) === 'fired') {
        const done = await whenDone(at, signal);
        if (!done.ok) return done;
      }
      const [problem] = await letGo(at, parts, keyOf(component, writer));
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

async function takeUp(at: RunFolder, parts: PauseParts): Promise<void> {
  const { clock, launcher, log } = parts;
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
  const problems = await letGo(at, parts);
  for (const why of problems) log.error('PauseResumeError', { run: file.run, why });
  await endWhenAllGoOn(at);
}
