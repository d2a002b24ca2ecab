import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { withRoomNow } from '../base/disk-full.ts';
import type { Disk } from '../base/disk.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { Clock } from '../ports/clock.ts';
import {
  isAlive,
  isGone,
  kill,
  membersOf,
  ownIdentity,
  processesWith,
  startOf,
  type ProcessIdentity,
} from './process-table.ts';

/**
 * What commands are at work, on disk: a host runner that is killed cannot end its commands, and
 * whoever takes over must not write beside them. Losing power ends them by itself, so nothing
 * here is synced.
 */
export interface CommandRegister {
  /** Notes that a command is about to be started; `env` marks it and whatever it starts. */
  begin(): RegisteredCommand;
  /**
   * Ends what killed processes of ours left at work; what a living one has at work is its own.
   * Throws when something lives on and cannot be ended.
   */
  endLeftovers(): Promise<void>;
}

/** A command on the register. */
export interface RegisteredCommand {
  readonly env: Readonly<Record<string, string>>;
  /** It runs, as the leader of a process group of its own. */
  started(pid: number): void;
  /** It ended; what it left running on purpose, such as a service, is not its own any more. */
  ended(): void;
}

/** Ends the name of the note that has the number of a command. */
const STARTED = '.pid';

/** The variable that marks the processes of a command. */
const MARK = 'LASTGOOD_COMMAND';

/** What was killed is gone within milliseconds; what belongs to others may end by itself. */
const END_WAIT_MS = 10_000;
const LOOK_MS = 20;

/** A register in a folder, for one host runner at a time. */
export function openCommandRegister(
  folder: string,
  clock: Pick<Clock, 'bootId' | 'uptimeMs'>,
  disk: Pick<Disk, 'makeRoom'>,
): CommandRegister {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const bootId = clock.bootId();
  const note = (name: string, what: object): void => {
    const write = (): void =>
      writeFileSync(`${folder}/${name}`, JSON.stringify(what), { mode: 0o600 });
    withRoomNow(disk, write);
  };
  const forget = (mark: string): void => {
    for (const name of [`${mark}${STARTED}`, mark]) rmSync(`${folder}/${name}`, { force: true });
  };
  return {
    begin() {
      const mark = randomBytes(16).toString('hex');
      note(mark, { bootId, owner: ownIdentity() });
      return {
        env: { [MARK]: mark },
        // A file of its own: half of it must not take the first note away.
        started: (pid) => note(`${mark}${STARTED}`, { pid, start: startOf(pid) }),
        ended: () => forget(mark),
      };
    },
    async endLeftovers() {
      for (const mark of readdirSync(folder)) {
        if (mark.endsWith(STARTED)) continue;
        const begun = readNote(`${folder}/${mark}`);
        // Torn by the kill itself, nothing had been started; a restart of the host ended all.
        if (begun?.bootId === bootId) {
          if (isOthers(begun.owner)) continue;
          await endAll(mark, readNote(`${folder}/${mark}${STARTED}`) ?? {}, clock);
        }
        forget(mark);
      }
    },
  };
}

/** What a note may say. */
interface Note {
  readonly bootId?: string;
  /** Who began it: the host runner, or a dead-man that reverts. */
  readonly owner?: ProcessIdentity;
  readonly pid?: number;
  /** When the leader was started, in ticks since boot: a number that is used again differs. */
  readonly start?: string;
}

async function endAll(mark: string, note: Note, clock: Pick<Clock, 'uptimeMs'>): Promise<void> {
  const deadline = clock.uptimeMs() + END_WAIT_MS;
  for (;;) {
    const left = leftOf(mark, note);
    if (left.length === 0) return;
    if (clock.uptimeMs() >= deadline) {
      const what = `process ${left[0]}, started by a predecessor, is still at work`;
      throw lgError('LG_RUNTIME_DAEMON_RUNNING', what);
    }
    for (const pid of left) kill(pid);
    await delay(LOOK_MS);
  }
}

/**
 * The processes of a command that still live: its group, if that is still the same one. What left
 * the group is a service. Killed before its number was noted, a command is known by its mark alone.
 */
function leftOf(mark: string, { pid, start }: Note): readonly number[] {
  const marked = processesWith(`${MARK}=${mark}`);
  if (pid === undefined) return marked;
  const members = membersOf(pid);
  const isOurs = startOf(pid) === start || members.some((one) => marked.includes(one));
  return isOurs ? members.filter((one) => !isGone(one)) : [];
}

function readNote(path: string): Note | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { bootId, owner, pid, start } = { ...NOTHING, ...value };
    return {
      ...ownerOf(owner),
      ...(typeof bootId === 'string' ? { bootId } : {}),
      ...(typeof pid === 'number' ? { pid } : {}),
      ...(typeof start === 'string' ? { start } : {}),
    };
  } catch {
    return undefined;
  }
}

/** What this process itself began earlier is of a runner that has stopped. */
function isOthers(owner: ProcessIdentity | undefined): boolean {
  return owner !== undefined && owner.pid !== process.pid && isAlive(owner);
}

function ownerOf(value: unknown): Pick<Note, 'owner'> {
  const { pid, start }: Readonly<Record<'pid' | 'start', unknown>> = {
    ...NOTHING,
    ...Object(value),
  };
  return typeof pid === 'number' && typeof start === 'string' ? { owner: { pid, start } } : {};
}

const NOTHING: Readonly<Record<keyof Note, unknown>> = {
  bootId: undefined,
  owner: undefined,
  pid: undefined,
  start: undefined,
};
