import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { copyKeyFile, openKeyFile } from '../../adapters/keyrings/file/file-keyring.ts';
import { createBackup, type BackupSummary } from '../../backup/create-backup.ts';
import { findBackupKey, restoreBackup } from '../../backup/restore-backup.ts';
import { verifyBackup } from '../../backup/verify-backup.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { toRfc3339 } from '../../base/time.ts';
import { dataFolder, type DataFolder } from '../../config/data-folder.ts';
import { version } from '../../config/version.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { idleBackupSource } from './backup-source.ts';
import { lockFolder, type FolderLock } from '../folder-lock.ts';
import { hostClock } from '../host-clock.ts';

/** What a backup without a daemon is asked for. */
export interface OfflineBackup {
  readonly dataRoot: string;
  /** Where the backup lies or shall lie. */
  readonly directory: string;
  /** The key of a backup, when it lies somewhere else than beside it. */
  readonly keyFile: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** An evidence process whose core was killed ends by itself within moments. */
const EVIDENCE_WAIT_MS = 5_000;

/**
 * Takes both locks of a data directory, so that nothing in it moves; answers how to let go.
 * LG_RUNTIME_DAEMON_RUNNING while a daemon uses it, LG_RUNTIME_DATA_UNUSABLE where there is none.
 */
export async function lockIdleFolder(folder: DataFolder): Promise<Result<() => void>> {
  if (!existsSync(folder.control)) {
    const detail = `${folder.root} holds no data of a daemon`;
    return err(lgError('LG_RUNTIME_DATA_UNUSABLE', detail));
  }
  const locks: FolderLock[] = [];
  const release = (): void => locks.forEach((lock) => lock.release());
  for (const [path, waitMs] of [
    [folder.lock, 0],
    [join(folder.evidence, 'lock'), EVIDENCE_WAIT_MS],
  ] as const) {
    const lock = await lockFolder(path, waitMs);
    if (!lock.ok) {
      release();
      return lock;
    }
    locks.push(lock.value);
  }
  return ok(release);
}

/** Backs up a data directory that no daemon uses. */
export async function createOffline(asked: OfflineBackup): Promise<Result<BackupSummary>> {
  const folder = dataFolder(asked.dataRoot, asked.env);
  const locked = await lockIdleFolder(folder);
  if (!locked.ok) return locked;
  try {
    const keyring = await openKeyFile(folder.key);
    if (!keyring.ok) return keyring;
    return await createBackup({
      dataDirectory: folder.root,
      directory: asked.directory,
      source: idleBackupSource(folder.root),
      keyring: keyring.value,
      copyKey: (to) => copyKeyFile(folder.key, to),
      createdAt: toRfc3339(hostClock().now()),
      version: version(),
      signal: asked.signal,
    });
  } finally {
    locked.value();
  }
}

/** Re-reads every byte of a backup. */
export async function verifyOffline(asked: OfflineBackup): Promise<Result<BackupSummary>> {
  const { directory, signal } = asked;
  const key = await keyOf(asked);
  return key.ok ? verifyBackup({ directory, keyring: key.value.keyring, signal }) : key;
}

/** Writes a backup out as a new data directory, with its key unless that lies elsewhere. */
export async function restoreOffline(asked: OfflineBackup): Promise<Result<BackupSummary>> {
  const { directory, dataRoot, signal, env } = asked;
  const key = await keyOf(asked);
  if (!key.ok) return key;
  const { keyring, path } = key.value;
  const isElsewhere = (env['LASTGOOD_KEY_FILE'] ?? '') !== '';
  return restoreBackup({
    directory,
    dataDirectory: dataRoot,
    keyring,
    ...(isElsewhere ? {} : { copyKey: (to: string) => copyKeyFile(path, to) }),
    signal,
  });
}

async function keyOf({ directory, keyFile, env }: OfflineBackup) {
  const path = findBackupKey(directory, keyFile, env);
  if (!path.ok) return path;
  const keyring = await openKeyFile(path.value);
  return keyring.ok ? ok({ keyring: keyring.value, path: path.value }) : keyring;
}
