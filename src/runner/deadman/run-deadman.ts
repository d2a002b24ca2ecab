import type { Disk } from '../../base/disk.ts';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { BlobHash } from '../../model/checkpoint/capture.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Keyring } from '../../ports/keyring.ts';
import type { Provider, ProviderIo } from '../../ports/provider.ts';
import { openCommandRegister, type CommandRegister } from '../command-register.ts';
import { openFence } from '../fence.ts';
import { runCommand } from '../run-command.ts';
import { openStateLocks, type LockFile } from '../state-lock.ts';
import { openStateMemory, type StateMemory } from '../state-memory.ts';
import { putBack } from './put-back.ts';
import { openRunFolders, runFolderName, type GuardedState, type Report } from './run-folder.ts';
import { standBy } from './stand-by.ts';

/** What the process of a dead-man is made of: the same as its host runner. */
export interface DeadManSetting {
  readonly run: string;
  readonly folder: string;
  readonly disk: Disk;
  readonly keyring: Keyring;
  readonly providers: ReadonlyMap<string, Provider<unknown>>;
  readonly lock: LockFile;
  readonly clock: Clock;
  readonly log: Log;
  readonly commandEnv: Readonly<Record<string, string>>;
  readonly isOurs: ProviderIo['isOurs'];
  /** Ends the watch; what has begun to go back goes on. */
  readonly signal: AbortSignal;
}

/** A writer that does not go on within this is left to people. */
const THAW_MS = 60_000;

/** Stands by for one run until it is disarmed or has put everything back. */
export async function runDeadMan(setting: DeadManSetting): Promise<Report | undefined> {
  const { run, folder, disk, keyring, clock, log, lock } = setting;
  const open = await openRunFolders(disk, folder, keyring);
  const at = open(runFolderName(run));
  const register = openCommandRegister(`${folder}/commands`, clock);
  const memory = await openStateMemory(disk, `${folder}/states`, keyring, log);
  const locks = await openStateLocks(disk, folder, lock);
  const fence = await openFence(disk, folder);
  const provider = (guarded: GuardedState): Result<Provider<unknown>> => {
    const found = setting.providers.get(guarded.state.provider);
    return found === undefined
      ? err(lgError('LG_PROVIDER_UNKNOWN', guarded.state.provider))
      : ok(found);
  };
  const io = (guarded: GuardedState): ProviderIo =>
    providerIo(setting, guarded, { register, memory, getBlob: (hash) => at.getBlob(hash) });
  return standBy({
    at,
    clock,
    log,
    signal: setting.signal,
    putBack: (guarded, token) =>
      putBack(guarded, token, {
        provider,
        io,
        locks,
        fence,
        endLeftovers: () => register.endLeftovers(),
        log,
        pause: (ms) => new Promise((resolve) => void clock.after(ms, resolve)),
      }),
    thaw: async (states) => {
      for (const guarded of states) await thaw(guarded, provider(guarded), io(guarded), log);
    },
  });
}

/** Idempotent, and fine for those that were never paused. */
async function thaw(
  { state }: GuardedState,
  provider: Result<Provider<unknown>>,
  io: ProviderIo,
  log: Log,
): Promise<void> {
  if (!provider.ok) return;
  for (const { name, unfreeze } of provider.value.writers(state.spec)) {
    const ran = await io.run(unfreeze, { timeoutMs: THAW_MS });
    const why = ran.ok ? `ended with ${ran.value.exitCode}` : ran.error.message;
    if (!ran.ok || ran.value.exitCode !== 0) log.error('DeadManThawError', { writer: name, why });
  }
}

/** No caches and no vault: what it reads it reads anew, and what it needs it was given. */
function providerIo(
  { clock, log, commandEnv, isOurs }: DeadManSetting,
  { state, host }: GuardedState,
  parts: {
    readonly register: CommandRegister;
    readonly memory: StateMemory;
    readonly getBlob: ProviderIo['getBlob'];
  },
): ProviderIo {
  const { signal } = new AbortController();
  return {
    clock,
    log,
    signal,
    host,
    cache: { get: () => undefined, put: () => undefined },
    notes: parts.memory.notes(state.id),
    putBlob: async () => err(lgError('LG_RUNTIME_BUG', 'a dead-man captures nothing')),
    getBlob: parts.getBlob,
    missingBlobs: async () => ok(new Set<BlobHash>()),
    run: (command, options) =>
      runCommand(command, options, { env: commandEnv, signal, register: parts.register }),
    isOurs,
  };
}
