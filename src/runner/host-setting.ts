import type { Disk } from '../base/disk.ts';
import type { LastgoodError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Keyring } from '../ports/keyring.ts';
import type { ProviderCall } from '../ports/provider-call.ts';
import type { Provider, ProviderIo, SpareRoom } from '../ports/provider.ts';
import type { BlobStore } from './blob-store.ts';
import type { DeadManLauncher } from './deadman/start-dead-man.ts';
import type { LockFile } from './state-lock.ts';

/** What a host runner is made of. */
export interface HostSetting {
  /** Serves `host.<name>.provider`. */
  readonly name: string;
  /** What the configuration calls it; absent: the runner of the daemon's own machine. */
  readonly host?: string | undefined;
  readonly bus: Bus;
  readonly providers: ReadonlyMap<string, Provider<unknown>>;
  readonly blobs: BlobStore;
  /** Fence, notes and caches lie here; this runner is its only user. */
  readonly folder: string;
  readonly disk: Disk;
  readonly spare?: SpareRoom | undefined;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly log: Log;
  /** The whole environment of commands. */
  readonly commandEnv: Readonly<Record<string, string>>;
  /** Whether a program with these words is lastgood itself. */
  readonly isOurs: ProviderIo['isOurs'];
  /** Stand in where a target has no timer. Absent: nothing reverts while this process is dead. */
  readonly deadMan?: DeadManLauncher & { readonly lock: LockFile };
  /**
   * Why a call is refused, for a runner with more rights than its callers: it also applies nothing
   * that it did not capture. Absent: all pass.
   */
  readonly refuse?: (call: ProviderCall) => LastgoodError | undefined;
  /** It is root itself, in root's own folder: what it captures bears the mark of such a runner. */
  readonly isMarking?: boolean;
}
