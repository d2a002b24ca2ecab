import { existsSync } from 'node:fs';
import { openSqliteControlStore } from '../adapters/control/sqlite/sqlite-control-store.ts';
import { createKeyFile, openKeyFile } from '../adapters/keyrings/file/file-keyring.ts';
import { openLocalVault } from '../adapters/vaults/local/local-vault.ts';
import { realDisk } from '../base/disk.ts';
import type { Log } from '../base/log.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { DataFolder } from '../config/data-folder.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { ControlStore } from '../ports/control-store.ts';
import type { Keyring } from '../ports/keyring.ts';
import type { Vault } from '../ports/vault.ts';

/** What the recovery plane remembers by. */
export interface Stores {
  readonly keyring: Keyring;
  readonly control: ControlStore;
  readonly vault: Vault;
  /** The key was made just now: this is the moment to say where it lies. */
  readonly isNewKey: boolean;
}

/** Opens the data directory's key, control store and vault; a new directory gets a new key. */
export async function openStores(folder: DataFolder, log: Log): Promise<Result<Stores>> {
  const isNewKey = !existsSync(folder.key);
  // A new key for old data would make everything in it unreadable for ever, and say nothing.
  if (isNewKey && existsSync(folder.control)) {
    return err(
      lgError('LG_KEY_MISSING', `${folder.root} holds data, but ${folder.key} is missing`),
    );
  }
  const keyring = isNewKey ? await createKeyFile(folder.key) : await openKeyFile(folder.key);
  if (!keyring.ok) return keyring;
  const control = await openSqliteControlStore({
    path: folder.control,
    keyring: keyring.value,
    disk: realDisk,
  });
  if (!control.ok) return control;
  const vault = await openLocalVault({ folder: folder.vault, keyring: keyring.value, log });
  if (!vault.ok) {
    await control.value.close();
    return vault;
  }
  return ok({ keyring: keyring.value, control: control.value, vault: vault.value, isNewKey });
}
