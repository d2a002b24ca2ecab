import { existsSync } from 'node:fs';
import type { Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { dataFolder, type DataFolder } from '../../config/data-folder.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { lockFolder, requireUnlocked } from '../folder-lock.ts';
import { openStores, type Stores } from '../open-stores.ts';
import { processLog } from '../process-log.ts';

/** What a command without a daemon works with. */
export interface IdleGround {
  readonly folder: DataFolder;
  readonly stores: Stores;
  readonly log: Log;
}

interface IdlePlace {
  readonly dataRoot: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A reader that looks whether anybody is there shares the lock for less than that. */
const LOOK_MS = 100;

/**
 * Works in a data directory that no daemon uses, under the lock that a daemon would hold.
 * LG_RUNTIME_DAEMON_RUNNING while one does, LG_RUNTIME_DATA_UNUSABLE where there is nothing.
 */
export async function inIdleFolder<Answer>(
  place: IdlePlace,
  work: (ground: IdleGround) => Promise<Result<Answer>>,
): Promise<Result<Answer>> {
  const found = folderOf(place);
  if (!found.ok) return found;
  const folder = found.value;
  const lock = await lockFolder(folder.lock, LOOK_MS);
  if (!lock.ok) return lock;
  try {
    const log = processLog('core', 'error');
    const stores = await openStores(folder, log);
    return stores.ok ? await work({ folder, stores: stores.value, log }) : stores;
  } finally {
    lock.value.release();
  }
}

/**
 * The same for who only reads. Nothing is locked, so that a daemon can start meanwhile: the
 * control store is SQLite's, whose readers and writers are in nobody's way, all in it is appended,
 * and the vault names what it holds by its content. What retention takes away is missed, and said.
 */
export async function readingIdleFolder<Answer>(
  place: IdlePlace,
  work: (ground: IdleGround) => Promise<Result<Answer>>,
): Promise<Result<Answer>> {
  const found = folderOf(place);
  if (!found.ok) return found;
  const folder = found.value;
  const free = requireUnlocked(folder.lock);
  if (!free.ok) return free;
  const log = processLog('core', 'error');
  const stores = await openStores(folder, log, { readOnly: true });
  return stores.ok ? work({ folder, stores: stores.value, log }) : stores;
}

function folderOf({ dataRoot, env }: IdlePlace): Result<DataFolder> {
  const folder = dataFolder(dataRoot, env);
  if (existsSync(folder.control)) return ok(folder);
  const detail = `${folder.root} holds no data of a daemon, or it is not yours to read`;
  return err(lgError('LG_RUNTIME_DATA_UNUSABLE', detail));
}
