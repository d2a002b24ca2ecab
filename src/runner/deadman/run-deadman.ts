import type { Disk } from '../../base/disk.ts';
import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { BlobHash } from '../../model/checkpoint/capture.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Keyring } from '../../ports/keyring.ts';
import type { Provider, ProviderIo, SpareRoom } from '../../ports/provider.ts';
import { openCommandRegister, type CommandRegister } from '../command-register.ts';
import { openFence } from '../fence.ts';
import { converse } from '../converse.ts';
import { runCommand } from '../run-command.ts';
import { openStateLocks, type LockFile } from '../state-lock.ts';
import { openStateMemory, type StateMemory } from '../state-memory.ts';
import { HeldLocks } from '../pause/held-locks.ts';
import { letGo, type PauseTools, type RunPause } from '../pause/let-go.ts';
import { endWhenAllGoOn } from '../pause/stop-writer.ts';
import { putBack } from './put-back.ts';
import {
  openRunFolders,
  pauseWatch,
  runFolderName,
  type GuardedState,
  type Report,
  type RunFolder,
} from './run-folder.ts';
import { standBy } from './stand-by.ts';

/** What the process of a dead-man is made of: the same as its host runner. */
export interface DeadManSetting {
  readonly run: string;
  readonly folder: string;
  readonly disk: Disk;
  readonly spare?: SpareRoom | undefined;
  readonly keyring: Keyring;
  readonly providers: ReadonlyMap<string, Provider<unknown>>;
  readonly lock: LockFile;
  readonly clock: Clock;
  readonly log: Log;
  readonly commandEnv: Readonly<Record<string, string>>;
  readonly isOurs: ProviderIo['isOurs'];
  /** See `StandByParts`. */
  readonly isAhead: boolean;
  /** Ends the watch; what has begun to go back goes on. */
  readonly signal: AbortSignal;
}

/** Passing trouble passes in seconds; who does not go on after these tries is left to people. */
const THAW_TRIES_MAX = 5;
const THAW_PAUSE_MS = 500;

/** Stands by for one run until it is disarmed or has put everything back. */
export async function runDeadMan(setting: DeadManSetting): Promise<Report | undefined> {
  const { run, folder, disk, keyring, clock, log, lock } = setting;
  const open = await openRunFolders(disk, folder, keyring);
  const at = open(runFolderName(run));
  const register = openCommandRegister(`${folder}/commands`, clock, disk);
  const memory = await openStateMemory(disk, `${folder}/states`, keyring, log);
  const stateLocks = await openStateLocks(disk, folder, lock);
  const fence = await openFence(disk, folder);
  const provider = (guarded: GuardedState): Result<Provider<unknown>> => {
    const found = setting.providers.get(guarded.state.provider);
    return found === undefined
      ? err(lgError('LG_PROVIDER_UNKNOWN', guarded.state.provider))
      : ok(found);
  };
  const io = (guarded: GuardedState): ProviderIo =>
    providerIo(setting, guarded, { register, memory, getBlob: (hash) => at.getBlob(hash) });
  const locks = new HeldLocks(setting.commandEnv);
  const runPause: RunPause = (words, options) => {
    const { signal } = new AbortController();
    return runCommand(words, options, { env: setting.commandEnv, signal, register });
  };
  const tools: PauseTools = { run: runPause, clock };
  try {
    return await standBy({
      at,
      clock,
      log,
      signal: setting.signal,
      isAhead: setting.isAhead,
      hold: ({ paused = [] }) =>
        locks.hold(
          paused.flatMap(({ way, resumed }) =>
            way.kind === 'lock' && resumed !== true ? [way.path] : [],
          ),
        ),
      putBack: (guarded, token) =>
        putBack(guarded, token, {
          provider,
          io,
          locks: stateLocks,
          fence,
          endLeftovers: () => register.endLeftovers(),
          log,
          pause: (ms) => wait(ms, clock),
        }),
      async thaw() {
        // What was to pause somebody and hangs must not do so after he was let go on.
        await register.endLeftovers().catch((thrown: unknown) => {
          log.error('DeadManThawError', { why: messageOf(thrown) });
        });
        // Who watches over the writers of a run has more patience than the run's own dead-man.
        const beside = open(runFolderName(pauseWatch(run)));
        for (const folder of [beside, at]) await thaw(folder, tools, log);
        if ((await beside.readRun()) !== undefined) await endWhenAllGoOn(beside);
      },
    });
  } finally {
    locks.hold([]);
  }
}

async function thaw(at: RunFolder, tools: PauseTools, log: Log): Promise<void> {
  for (let tries = 1; tries <= THAW_TRIES_MAX; tries += 1) {
    const problems = await letGo(at, tools);
    if (problems.length === 0) return;
    for (const why of problems) log.error('DeadManThawError', { why });
    if (tries < THAW_TRIES_MAX) await wait(THAW_PAUSE_MS * 2 ** tries, tools.clock);
  }
}

/** What goes back is not cut short by anybody. */
function wait(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

/** No caches and no vault: what it reads it reads anew, and what it needs it was given. */
function providerIo(
  { clock, log, commandEnv, isOurs, spare }: DeadManSetting,
  { state, host }: GuardedState,
  parts: {
    readonly register: CommandRegister;
    readonly memory: StateMemory;
    readonly getBlob: ProviderIo['getBlob'];
  },
): ProviderIo {
  const { signal } = new AbortController();
  const setting = { env: commandEnv, signal, register: parts.register };
  return {
    clock,
    log,
    signal,
    host,
    cache: { get: () => undefined, put: () => undefined },
    notes: parts.memory.notes(state.id),
    spare,
    putBlob: async () => err(lgError('LG_RUNTIME_BUG', 'a dead-man captures nothing')),
    getBlob: parts.getBlob,
    missingBlobs: async () => ok(new Set<BlobHash>()),
    run: (command, options) => runCommand(command, options, setting),
    converse: (command, options, talk) => converse(command, options, setting, talk),
    isOurs,
  };
}
