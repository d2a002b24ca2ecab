import * as fs from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { ownUserName } from '../account/own-user.ts';
import { isDiskFull } from '../base/disk-full.ts';
import { realDisk } from '../base/disk.ts';
import { LastgoodError, messageOf, systemCode } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { Keyring } from '../ports/keyring.ts';
import { writeManifest, type BackupFile } from './backup-manifest.ts';
import { isPartPath, type BackupPart, type BackupSource } from './backup-part.ts';
import { copyFile, hashFile } from './copy-file.ts';

/** All pages of a database in one step: a busy writer cannot make it start over for ever. */
const ALL_PAGES = 0x7fff_ffff;

/** What a backup is made of. */
export interface CreateBackupOptions {
  readonly dataDirectory: string;
  /** New or empty, and not within the data directory. */
  readonly directory: string;
  readonly source: BackupSource;
  readonly keyring: Keyring;
  /** Puts a copy of the key file at a path; left out when the key lies with somebody else. */
  readonly copyKey?: (to: string) => Promise<Result<void>>;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly version: string;
  readonly signal: AbortSignal;
}

/** What a backup holds. */
export interface BackupSummary {
  readonly directory: string;
  readonly files: number;
  readonly bytes: number;
  readonly createdAt: string;
  /** The copy of the key beside the backup, to be moved away from it. */
  readonly keyFile?: string;
}

/** Where the copy of the key lies: beside the backup, never in it. */
export function backupKeyPath(directory: string): string {
  return `${resolve(directory)}.key`;
}

/**
 * Backs the whole data directory up while everything runs. Whatever was acknowledged before the
 * call is in it. Everything in it is encrypted as it was in the data directory; the key is not in
 * it. On failure nothing is left behind: LG_RUNTIME_TARGET_NOT_EMPTY, LG_STORE_DISK_FULL,
 * LG_STORE_WRITE_FAILED.
 */
export async function createBackup(options: CreateBackupOptions): Promise<Result<BackupSummary>> {
  const directory = resolve(options.directory);
  const prepared = await prepareTarget(directory, options.dataDirectory);
  if (!prepared.ok) return prepared;
  const kept = await options.source.keepFiles();
  if (!kept.ok) return kept;
  const keyPath = backupKeyPath(directory);
  let hasKey = false;
  try {
    const files = await copyParts(options, directory);
    const { createdAt, version, keyring } = options;
    if (options.copyKey !== undefined) {
      const copied = await options.copyKey(keyPath);
      if (!copied.ok) throw copied.error;
      hasKey = true;
    }
    await syncFolders(directory, files);
    await writeManifest(directory, keyring, { createdAt, version, files });
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const summary = { directory, files: files.length, bytes, createdAt };
    return ok(hasKey ? { ...summary, keyFile: keyPath } : summary);
  } catch (cause) {
    for (const name of await realDisk.list(directory)) {
      await fs.rm(join(directory, name), { recursive: true, force: true });
    }
    if (hasKey) await realDisk.remove(keyPath);
    return err(failureOf(directory, cause));
  } finally {
    kept.value.release();
  }
}

async function prepareTarget(directory: string, data: string): Promise<Result<void>> {
  const within = relative(resolve(data), directory);
  if (within === '' || (!within.startsWith('..') && !isAbsolute(within))) {
    const seen = `${directory} lies within the data directory ${data}`;
    return err(lgError('LG_RUNTIME_TARGET_NOT_EMPTY', seen));
  }
  try {
    await realDisk.makeFolder(directory);
    const present = await realDisk.list(directory);
    if (present.length === 0) return ok(undefined);
    const seen = `${directory} holds ${present.length} files already`;
    return err(lgError('LG_RUNTIME_TARGET_NOT_EMPTY', seen));
  } catch (cause) {
    return err(refusalOf(directory, cause) ?? failureOf(directory, cause));
  }
}

/** Whoever types the command may write there: it is the daemon that writes. */
function refusalOf(directory: string, cause: unknown): LastgoodError | undefined {
  if (!['EACCES', 'EPERM', 'EROFS'].includes(systemCode(cause) ?? '')) return undefined;
  const user = ownUserName();
  const hint =
    `it is written as ${user}, who may not; make it with "install -d -m 700 -o ${user} FOLDER" ` +
    `where ${user} may enter, or name a folder that is ${user}'s`;
  return lgError('LG_STORE_WRITE_FAILED', `${directory}: ${messageOf(cause)}; ${hint}`, cause);
}

async function copyParts(
  options: CreateBackupOptions,
  directory: string,
): Promise<readonly BackupFile[]> {
  const files = new Map<string, BackupFile>();
  const copyKinds = async (kinds: readonly BackupPart['kind'][]): Promise<void> => {
    const parts = await options.source.parts();
    if (!parts.ok) throw parts.error;
    for (const part of parts.value) {
      if (!kinds.includes(part.kind) || files.has(part.path)) continue;
      files.set(part.path, await copyPart(options, directory, part));
    }
  };
  await copyKinds(['replaced']);
  await copyKinds(['sqlite']);
  await copyKinds(['immutable', 'log']);
  return [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function copyPart(
  { dataDirectory, signal }: CreateBackupOptions,
  directory: string,
  { path, kind, durableBytes }: BackupPart,
): Promise<BackupFile> {
  if (!isPartPath(path)) throw new Error(`broken invariant: "${path}" is no path of a part`);
  const from = join(dataDirectory, path);
  const to = join(directory, path);
  await realDisk.makeFolder(dirname(to));
  if (kind !== 'sqlite') {
    const limit = durableBytes ?? (await fs.stat(from)).size;
    return { path, kind, ...(await copyFile(from, to, limit, signal)) };
  }
  signal.throwIfAborted();
  const database = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(database, to, { rate: ALL_PAGES });
  } finally {
    database.close();
  }
  await fs.chmod(to, 0o600);
  const written = await fs.open(to, 'r+');
  await written.sync().finally(() => written.close());
  return { path, kind, ...(await hashFile(to, signal)) };
}

/** Makes the names of all files survive power loss. */
async function syncFolders(directory: string, files: readonly BackupFile[]): Promise<void> {
  const folders = new Set<string>([dirname(directory), directory]);
  for (const { path } of files) {
    for (let at = dirname(join(directory, path)); at !== directory; at = dirname(at)) {
      folders.add(at);
    }
  }
  for (const folder of folders) await realDisk.syncFolder(folder);
}

/** The error of a copy that did not succeed. */
export function failureOf(directory: string, cause: unknown): LastgoodError {
  if (cause instanceof LastgoodError) return cause;
  const detail = `${directory}: ${messageOf(cause)}`;
  const code = isDiskFull(cause) ? 'LG_STORE_DISK_FULL' : 'LG_STORE_WRITE_FAILED';
  return lgError(code, detail, cause);
}
