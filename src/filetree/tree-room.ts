import * as fs from 'node:fs/promises';
import { systemCode } from '../base/error.ts';
import type { ProviderIo } from '../ports/provider.ts';
import { toNodePath } from './anchored-folder.ts';
import { folderName } from './compare/path-text.ts';
import type { ItemPair } from './compare/tree-changes.ts';
import { rootOf, type TreeScope } from './compare/tree-scope.ts';

/**
 * Free space that stays free beside the new contents, because other writers live on this disk too:
 * so much of the disk, but no more than as much again. A few bytes fit on any disk but a full one.
 */
const SPARE_SHARE = 0.02;

/** A file system that contents come to. */
interface Disk {
  /** The first folder on it that was asked. */
  readonly folder: string;
  readonly device: number;
  readonly bytes: number;
  readonly freeBytes: number;
  readonly blockBytes: number;
  neededBytes: number;
}

/** New contents are written before old ones go, so all of them must fit beside. */
export async function roomReasons(
  scope: TreeScope,
  pairs: readonly ItemPair[],
  spare: ProviderIo['spare'],
): Promise<readonly string[]> {
  const asked = new AskedDisks();
  for (const { path, to } of pairs) {
    const base = rootOf(scope, path)?.base;
    if (base === undefined || to?.size === undefined) continue;
    const disk = await asked.diskOf(folderName(path), base);
    if (disk !== undefined) disk.neededBytes += roundedUp(to.size, disk.blockBytes);
  }
  return asked.disks().flatMap(({ folder, device, bytes, freeBytes, neededBytes }) => {
    const room = freeBytes + (spare?.bytesOn(device) ?? 0);
    if (neededBytes + Math.min(neededBytes, bytes * SPARE_SHARE) <= room) return [];
    return [`${folder}: ${neededBytes} bytes are needed beside and ${room} are free`];
  });
}

/** The file systems of folders. Each folder is asked once, for it may hold very many items. */
class AskedDisks {
  readonly #byFolder = new Map<string, Disk | undefined>();
  readonly #byDevice = new Map<number, Disk>();

  disks(): readonly Disk[] {
    return [...this.#byDevice.values()];
  }

  /**
   * That of the nearest folder that is there, because what is missing will be made in it, and what
   * is no folder will be replaced. Undefined where nobody may look: it is refused for that.
   */
  async diskOf(folder: string, base: string): Promise<Disk | undefined> {
    if (this.#byFolder.has(folder)) return this.#byFolder.get(folder);
    const parent = folderName(folder);
    const found = await this.#ask(folder, folder.length > base.length);
    const isAbove = found === 'absent' && parent !== folder;
    const disk = isAbove ? await this.diskOf(parent, base) : found;
    const known = disk === 'absent' ? undefined : disk;
    this.#byFolder.set(folder, known);
    return known;
  }

  /** Links above a root were written by the operator and are followed, those below it never. */
  async #ask(folder: string, isBelow: boolean): Promise<Disk | 'absent' | undefined> {
    const path = toNodePath(folder);
    try {
      const stat = await (isBelow ? fs.lstat(path) : fs.stat(path));
      if (!stat.isDirectory()) return 'absent';
      const known = this.#byDevice.get(stat.dev);
      if (known !== undefined) return known;
      const { blocks, bavail, bsize } = await fs.statfs(path);
      const space = { bytes: blocks * bsize, freeBytes: bavail * bsize, blockBytes: bsize };
      const disk: Disk = { folder, device: stat.dev, ...space, neededBytes: 0 };
      this.#byDevice.set(stat.dev, disk);
      return disk;
    } catch (thrown) {
      const code = systemCode(thrown);
      if (code === undefined) throw thrown;
      return code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : undefined;
    }
  }
}

function roundedUp(bytes: number, blockBytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}
