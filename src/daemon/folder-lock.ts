import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../base/error.ts';
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

function tryLock(file: string): Result<FolderLock> {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    // Nothing is ever written there, and without a file for a journal no full disk is in the way.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE');
    const held = database;
    return ok({ release: () => held.isOpen && held.close() });
  } catch (cause) {
    database?.close();
    const busy = /locked|busy/i.test(messageOf(cause));
    const code = busy ? 'LG_RUNTIME_DAEMON_RUNNING' : 'LG_RUNTIME_DATA_UNUSABLE';
    return err(
      lgError(
        code,
        busy ? `${file} is held by another process` : `${file}: ${messageOf(cause)}`,
        cause,
      ),
    );
  }
}
