import type { Disk } from '../../../base/disk.ts';
import type { Log } from '../../../base/log.ts';
import type { Keyring } from '../../../ports/keyring.ts';

/** Where and how a vault is kept. */
export interface LocalVaultSetting {
  readonly folder: string;
  readonly keyring: Keyring;
  readonly disk?: Disk;
  readonly log?: Log;
  /**
   * Changes nothing, not even leftovers of a crash: for a restore beside a dead daemon. Otherwise
   * the caller holds the data directory's lock: a vault has one writer.
   */
  readonly readOnly?: boolean;
}

/** The same with nothing left open. */
export type VaultSetting = Required<LocalVaultSetting>;
