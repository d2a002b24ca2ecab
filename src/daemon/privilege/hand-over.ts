import * as fs from 'node:fs/promises';
import { openFolder, type AnchoredFolder } from '../../filetree/anchored-folder.ts';
import type { DaemonUser } from './choose-user.ts';

/**
 * Gives a data directory and what root left in it to the user the daemon goes on as, except the
 * host runner's folder `kept` in it, which becomes root's. Walks by open descriptors and follows no
 * link, and leaves files that have a second name elsewhere alone: who owned the directory before
 * may have laid them there to be given something that is not his.
 */
export async function handOver(root: string, kept: string, user: DaemonUser): Promise<void> {
  const folder = await openFolder(root);
  try {
    await giveAll(folder, user, kept);
    await fs.lchown(folder.at(kept), 0, 0);
    await fs.chown(folder.at('.'), user.uid, user.gid);
  } finally {
    await folder.close();
  }
}

async function giveAll(folder: AnchoredFolder, user: DaemonUser, kept?: string): Promise<void> {
  for (const name of await folder.names()) {
    if (name === kept) continue;
    const place = folder.at(name);
    const stat = await fs.lstat(place);
    if (stat.isDirectory()) {
      const inner = await folder.open(name);
      try {
        await giveAll(inner, user);
      } finally {
        await inner.close();
      }
    }
    if (stat.uid !== 0 || (stat.isFile() && stat.nlink > 1)) continue;
    await fs.lchown(place, user.uid, user.gid);
  }
}
