import { existsSync } from 'node:fs';
import { openSqliteControlStore } from '../adapters/control/sqlite/sqlite-control-store.ts';
import { createKeyFile, openKeyFile } from '../adapters/keyrings/file/file-keyring.ts';
import { openLocalVault } from '../adapters/vaults/local/local-vault.ts';
import type { Disk } from '../base/disk.ts';
import type { Log } from '../base/log.ts';
import type { Reserve } from '../base/reserve.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { DataFolder } from '../config/data-folder.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { ControlStore } from '../ports/control-store.ts';
import type { Keyring } from '../ports/keyring.ts';
import type { Vault } from '../ports/vault.ts';
import { coreDisks, coreReserve } from './recovery-reserve.ts';

/** What the recovery plane remembers by. */
export interface Stores {
  readonly keyring: Keyring;
  readonly control: ControlStore;
  readonly vault: Vault;
  /** Where small things beside them are written: it has room when there is none. */
  readonly disk: Disk;
  readonly reserve: Reserve;
  /** The key was made just now: this is the moment to say where it lies. */
  readonly isNewKey: boolean;
}

/** What whoever opens them is going to do. */
export interface StoreUse {
  /** What is to be set aside; absent: only what is set aside already may be used. */
  readonly reserveBytes?: number;
  /** Nothing is mended or put away in the vault, since somebody else may begin to use it. */
  readonly readOnly?: boolean;
}

/**
 * Opens the data directory's key, control store and vault; a new directory gets a new key.
 */
export async function openStores(
  folder: DataFolder,
  log: Log,
  { reserveBytes, readOnly = false }: StoreUse = {},
): Promise<Result<Stores>> {
  const reserve = coreReserve(folder.root, reserveBytes);
  const { disk, vaultDisk } = coreDisks(reserve);
  const isNewKey = !existsSync(folder.key);
  // A new key for old data would make everything in it unreadable for ever, and say nothing.
  if (isNewKey && existsSync(folder.control)) {
    return err(
      lgError('LG_KEY_MISSING', `${folder.root} holds data, but ${folder.key} is missing`),
    );
  }
  const keyring = isNewKey ? await createKeyFile(folder.key) : await openKeyFile(folder.key);
  if (!keyring.ok) return keyring;
  const own = { keyring: keyring.value, disk };
  const control = await openSqliteControlStore({ ...own, path: folder.control });
  if (!control.ok) return control;
  const vault = await openLocalVault({
    ...own,
    folder: folder.vault,
    disk: vaultDisk,
    log,
    readOnly,
  });
  if (!vault.ok) {
    await control.value.close();
    return vault;
  }
  return ok({ ...own, reserve, control: control.value, vault: vault.value, isNewKey });
}
