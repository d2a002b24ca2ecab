import { existsSync } from 'node:fs';
import type { Log } from '../../base/log.ts';
import { err, type Result } from '../../base/result.ts';
import { dataFolder, type DataFolder } from '../../config/data-folder.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { lockFolder } from '../folder-lock.ts';
import { openStores, type Stores } from '../open-stores.ts';
import { processLog } from '../process-log.ts';

/** What a command without a daemon works with. */
export interface IdleGround {
  readonly folder: DataFolder;
  readonly stores: Stores;
  readonly log: Log;
}

/**
 * Works in a data directory that no daemon uses, under the lock that a daemon would hold.
 * LG_RUNTIME_DAEMON_RUNNING while one does, LG_RUNTIME_DATA_UNUSABLE where there is nothing.
 */
export async function inIdleFolder<Answer>(
  place: { readonly dataRoot: string; readonly env: NodeJS.ProcessEnv },
  work: (ground: IdleGround) => Promise<Result<Answer>>,
): Promise<Result<Answer>> {
  const folder = dataFolder(place.dataRoot, place.env);
  if (!existsSync(folder.control)) {
    const detail = `${folder.root} holds no data of a daemon, or it is not yours to read`;
    return err(lgError('LG_RUNTIME_DATA_UNUSABLE', detail));
  }
  const lock = await lockFolder(folder.lock, 0);
  if (!lock.ok) return lock;
  try {
    const log = processLog('core', 'error');
    const stores = await openStores(folder, log);
    return stores.ok ? await work({ folder, stores: stores.value, log }) : stores;
  } finally {
    lock.value.release();
  }
}
