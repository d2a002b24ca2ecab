import * as fs from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { messageOf } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { Keyring } from '../ports/keyring.ts';
import { MANIFEST_NAME, readManifest } from './backup-manifest.ts';
import { hashFile } from './copy-file.ts';
import type { BackupSummary } from './create-backup.ts';

/** What a backup is verified with. */
export interface VerifyBackupOptions {
  readonly directory: string;
  readonly keyring: Keyring;
  readonly signal: AbortSignal;
}

/**
 * Re-reads every byte of a backup and compares it with the authenticated manifest; files that the
 * manifest does not know count as damage too. LG_RUNTIME_BACKUP_DAMAGED, LG_KEY_WRONG.
 */
export async function verifyBackup(options: VerifyBackupOptions): Promise<Result<BackupSummary>> {
  const directory = resolve(options.directory);
  const manifest = await readManifest(directory, options.keyring);
  if (!manifest.ok) return manifest;
  const { files, createdAt } = manifest.value;
  for (const file of files) {
    const path = join(directory, file.path);
    try {
      const found = await hashFile(path, options.signal);
      if (found.bytes !== file.bytes || found.sha256 !== file.sha256) {
        const seen = `${path} has ${found.bytes} bytes that are not those of the backup`;
        return err(lgError('LG_RUNTIME_BACKUP_DAMAGED', seen));
      }
    } catch (cause) {
      options.signal.throwIfAborted();
      const seen = `${path} cannot be read: ${messageOf(cause)}`;
      return err(lgError('LG_RUNTIME_BACKUP_DAMAGED', seen, cause));
    }
  }
  const known = new Set([MANIFEST_NAME, ...files.map(({ path }) => path)]);
  const foreign = (await filesBelow(directory)).find((path) => !known.has(path));
  if (foreign !== undefined) {
    const seen = `${join(directory, foreign)} does not belong to the backup`;
    return err(lgError('LG_RUNTIME_BACKUP_DAMAGED', seen));
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return ok({ directory, files: files.length, bytes, createdAt });
}

async function filesBelow(directory: string): Promise<readonly string[]> {
  const found = await fs.readdir(directory, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
