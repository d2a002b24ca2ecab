import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { unwrap } from '../base/result.ts';
import type { ProviderIo } from '../ports/provider.ts';
import type { AnchoredFolder } from './anchored-folder.ts';
import type { TreeAttributes } from './compare/tree-item.ts';
import { writeXattrs } from './xattrs.ts';

/** What an owner needs to put things into a folder. */
const OWNER_WRITES = 0o700;

/**
 * Makes an empty folder in its final form and puts it in place by one rename, so that nobody ever
 * sees it with another owner or mode. Where its mode would keep us from filling it, it is our own
 * until `settleFolder`; `temporary` is a free name. Throws when the name is taken.
 */
export async function makeFolder(
  parent: AnchoredFolder,
  name: string,
  wanted: TreeAttributes,
  temporary: string,
  io: ProviderIo,
): Promise<void> {
  await fs.mkdir(parent.at(temporary), { mode: OWNER_WRITES });
  try {
    await setFolder(parent, temporary, undefined, wanted, OWNER_WRITES, io);
    // Renaming a folder replaces an empty folder; everything else in the way is an error.
    await fs.rename(parent.at(temporary), parent.at(name));
  } catch (thrown) {
    await fs.rmdir(parent.at(temporary)).catch(() => undefined);
    throw thrown;
  }
}

/** Gives a folder owner, mode (and `extraMode`, when we are not root) and extended attributes. */
export async function setFolder(
  parent: AnchoredFolder,
  name: string,
  before: TreeAttributes | undefined,
  wanted: TreeAttributes,
  extraMode: number,
  io: ProviderIo,
): Promise<void> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const handle = await fs.open(parent.at(name), flags);
  try {
    const stat = await handle.stat();
    if (stat.uid !== wanted.uid || stat.gid !== wanted.gid) {
      await handle.chown(wanted.uid, wanted.gid);
    }
    const isRoot = process.geteuid?.() === 0;
    const mode = Number.parseInt(wanted.mode ?? '0755', 8) | (isRoot ? 0 : extraMode);
    if ((stat.mode & 0o7777) !== mode) await handle.chmod(mode);
    const target = `/proc/${process.pid}/fd/${handle.fd}`;
    const failure = unwrap(await writeXattrs(target, before?.xattrs, wanted.xattrs, io));
    if (failure !== undefined) throw new Error(`${name}: ${failure}`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
