import * as fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { messageOf, systemCode } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';

/** A lock that dies with its holder. */
export interface FolderLock {
  release(): void;
}

const RETRY_MS = 50;

/**
 * Locks a folder for this process. The lock is SQLite's own on an otherwise empty file: the kernel
 * takes it back at any death of the holder, so nothing stale is ever left, not even by kill -9.
 * Waits up to `waitMs` for a predecessor that is just ending.
 */
export async function lockFolder(file: string, waitMs: number): Promise<Result<FolderLock>> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const taken = tryLock(file);
    if (taken.ok || performance.now() >= deadline) return taken;
    await delay(RETRY_MS);
  }
}

/**
 * Whether nobody holds a folder: LG_RUNTIME_DAEMON_RUNNING else. Takes the lock from nobody:
 * readers ask side by side, and a daemon that is starting waits longer than this takes.
 */
export function requireUnlocked(file: string): Result<void> {
  return withLockFile(file, (database) => {
    // To read is to share the lock; nothing lies in the file.
    database.exec('SELECT count(*) FROM sqlite_schema');
    database.close();
  });
}

function tryLock(file: string): Result<FolderLock> {
  return withLockFile(file, (database) => {
    // Nothing is ever written there, and without a file for a journal no full disk is in the way.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE');
    return { release: () => database.isOpen && database.close() };
  });
}

function withLockFile<Held>(file: string, take: (database: DatabaseSync) => Held): Result<Held> {
  let database: DatabaseSync | undefined;
  try {
    const what = kindOf(file) ?? makeFile(file);
    if (what !== 'file') {
      const detail = `${file} is ${what}; see who put it there, and remove it`;
      return err(lgError('LG_RUNTIME_DATA_UNUSABLE', detail));
    }
    // Without `mode`, SQLite would create what a link put there only now leads to.
    const existing = pathToFileURL(file);
    existing.searchParams.set('mode', 'rw');
    database = new DatabaseSync(existing, { timeout: 0 });
    return ok(take(database));
  } catch (cause) {
    if (database?.isOpen === true) database.close();
    const busy = /locked|busy/i.test(messageOf(cause));
    const code = busy ? 'LG_RUNTIME_DAEMON_RUNNING' : 'LG_RUNTIME_DATA_UNUSABLE';
    return err(
      lgError(
        code,
        busy
          ? `${file} is held by another process: a daemon, or a restore without one`
          : `${file}: ${messageOf(cause)}`,
        cause,
      ),
    );
  }
}

type Kind = 'file' | 'a symbolic link' | 'no regular file';

/**
 * The folder may belong to a user without privileges while root locks it, and SQLite follows a
 * link. Looked at without opening it: to close a file takes back every lock this process has on it.
 */
function kindOf(file: string): Kind | undefined {
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (found.isSymbolicLink()) return 'a symbolic link';
  return found.isFile() ? 'file' : 'no regular file';
}

/** Makes the file where nothing is: no link is followed. */
function makeFile(file: string): Kind {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
  try {
    fs.closeSync(fs.openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644));
  } catch (thrown) {
    // Somebody else who locks it was faster.
    if (systemCode(thrown) !== 'EEXIST') throw thrown;
  }
  return kindOf(file) ?? 'no regular file';
}
