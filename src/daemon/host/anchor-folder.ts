import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { realDisk } from '../../base/disk.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/** A folder as nobody can swap it any more. */
export interface Anchored {
  readonly folder: string;
  readonly handle: fs.FileHandle;
}

/**
 * Our own folder by an open descriptor: the directory it lies in belongs to the user without
 * privileges, who could swap it for a link that leads where only root may write. Whoever calls
 * keeps the handle: what nobody refers to would be collected, and so closed.
 */
export async function anchorFolder(path: string): Promise<Anchored> {
  await realDisk.makeFolder(path);
  const handle = await fs.open(
    path,
    constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
  );
  const { uid } = await handle.stat();
  if (uid !== process.getuid?.()) {
    await handle.close();
    throw lgError('LG_RUNTIME_DATA_UNUSABLE', `${path} belongs to user ${uid}`);
  }
  return { folder: `/proc/self/fd/${handle.fd}`, handle };
}

/** The same for root where it is root's alone; undefined where somebody else had or has it. */
export async function anchorRootFolder(path: string): Promise<Anchored | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  await realDisk.makeFolder(path);
  const { uid, mode } = await fs.lstat(path);
  if (uid !== 0 || (mode & 0o077) !== 0) return undefined;
  return anchorFolder(path);
}
