import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { realDisk } from '../base/disk.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { Keyring } from '../ports/keyring.ts';
import { readManifest, type BackupManifest } from './backup-manifest.ts';
import { copyFile } from './copy-file.ts';
import { backupKeyPath, failureOf, type BackupSummary } from './create-backup.ts';

/** What a backup is restored with. */
export interface RestoreBackupOptions {
  readonly directory: string;
  /** New or empty. */
  readonly dataDirectory: string;
  readonly keyring: Keyring;
  /** Puts a copy of the key file at a path; left out when the key stays where it is. */
  readonly copyKey?: (to: string) => Promise<Result<void>>;
  readonly signal: AbortSignal;
}

/**
 * The key file for a backup: the one that was named, the copy beside the backup, or
 * LASTGOOD_KEY_FILE, in this order. LG_KEY_MISSING says where it was looked for.
 */
export function findBackupKey(
  directory: string,
  named: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Result<string> {
  const beside = backupKeyPath(directory);
  const variable = env['LASTGOOD_KEY_FILE'];
  if (named !== undefined) return ok(named);
  if (existsSync(beside)) return ok(beside);
  if (variable !== undefined && variable !== '') return ok(variable);
  const seen = `neither ${beside} nor LASTGOOD_KEY_FILE names the key of the backup`;
  return err(lgError('LG_KEY_MISSING', seen));
}

/**
 * Writes a backup out as a data directory. Every byte is compared with the authenticated manifest
 * while it is copied, into a folder beside the target that takes its place at the very end: a crash
 * or a damaged backup leaves no half data directory. LG_RUNTIME_TARGET_NOT_EMPTY,
 * LG_RUNTIME_BACKUP_DAMAGED, LG_KEY_WRONG, LG_STORE_DISK_FULL.
 */
export async function restoreBackup(options: RestoreBackupOptions): Promise<Result<BackupSummary>> {
  const directory = resolve(options.directory);
  const target = resolve(options.dataDirectory);
  const manifest = await readManifest(directory, options.keyring);
  if (!manifest.ok) return manifest;
  const present = await realDisk.list(target);
  if (present.length > 0) {
    const seen = `${target} holds ${present.length} files already`;
    return err(lgError('LG_RUNTIME_TARGET_NOT_EMPTY', seen));
  }
  const beside = `${target}.restoring-${randomBytes(6).toString('hex')}`;
  try {
    await copyAll(options, manifest.value, directory, beside);
    if (options.copyKey !== undefined) {
      const copied = await options.copyKey(join(beside, 'key'));
      if (!copied.ok) throw copied.error;
    }
    for (const folder of await foldersBelow(beside)) await realDisk.syncFolder(folder);
    // An empty folder is replaced by rename(2); a missing one is simply made.
    await realDisk.rename(beside, target);
    await realDisk.syncFolder(dirname(target));
  } catch (cause) {
    await fs.rm(beside, { recursive: true, force: true });
    return err(failureOf(target, cause));
  }
  const { files, createdAt } = manifest.value;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return ok({ directory, files: files.length, bytes, createdAt });
}

async function copyAll(
  { signal }: RestoreBackupOptions,
  { files }: BackupManifest,
  directory: string,
  beside: string,
): Promise<void> {
  await realDisk.makeFolder(beside);
  for (const file of files) {
    const from = join(directory, file.path);
    const to = join(beside, file.path);
    await realDisk.makeFolder(dirname(to));
    if (!existsSync(from)) throw lgError('LG_RUNTIME_BACKUP_DAMAGED', `${from} is missing`);
    const copied = await copyFile(from, to, file.bytes + 1, signal);
    if (copied.bytes !== file.bytes || copied.sha256 !== file.sha256) {
      const seen = `${from} has bytes that are not those of the backup`;
      throw lgError('LG_RUNTIME_BACKUP_DAMAGED', seen);
    }
  }
}

async function foldersBelow(root: string): Promise<readonly string[]> {
  const found = await fs.readdir(root, { recursive: true, withFileTypes: true });
  const below = found.filter((entry) => entry.isDirectory());
  return [root, ...below.map((entry) => join(entry.parentPath, entry.name))];
}
