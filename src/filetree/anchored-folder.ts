import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { fromUtf8Strict } from '../base/bytes.ts';
import { escapeText, pathBytes, pathText } from './compare/path-text.ts';

/**
 * An open folder that names below it cannot escape from: everything is reached through the open
 * descriptor (`/proc/self/fd/N/name`, the openat(2) that Node does not offer), so a folder that
 * somebody swaps for a link meanwhile leads nowhere.
 */
export interface AnchoredFolder {
  /** What Node's file functions take to reach the entry of that name text. */
  at(name: string): string | Buffer;
  /** Name texts of all entries, unsorted. */
  names(): Promise<readonly string[]>;
  /** The folder of that name below; ELOOP or ENOTDIR when it is a link or no folder. */
  open(name: string): Promise<AnchoredFolder>;
  /** fsync: renames and removals in it survive power loss. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a folder by its path text; links on the way are followed, for the operator wrote it. */
export async function openFolder(path: string): Promise<AnchoredFolder> {
  return anchored(await fs.open(toNodePath(path), constants.O_RDONLY | constants.O_DIRECTORY));
}

/** What Node's file functions take for a path text. */
export function toNodePath(path: string): string | Buffer {
  const bytes = pathBytes(path);
  return typeof bytes === 'string' ? bytes : Buffer.from(bytes);
}

function anchored(handle: fs.FileHandle): AnchoredFolder {
  const prefix = `/proc/self/fd/${handle.fd}`;
  const at = (name: string): string | Buffer => {
    const bytes = pathBytes(name);
    if (typeof bytes === 'string') return `${prefix}/${bytes}`;
    return Buffer.concat([Buffer.from(`${prefix}/`), bytes]);
  };
  return {
    at,
    async names() {
      const names = await fs.readdir(prefix);
      // A replacement character may hide bytes that are no UTF-8: ask again for the bytes.
      if (!names.some((name) => name.includes('\uFFFD'))) return names.map(escapeText);
      return (await fs.readdir(prefix, { encoding: 'buffer' })).map(pathText);
    },
    async open(name) {
      const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
      return anchored(await fs.open(at(name), flags));
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

/** Where a link leads, as path text. */
export async function readLink(folder: AnchoredFolder, name: string): Promise<string> {
  const bytes = await fs.readlink(folder.at(name), { encoding: 'buffer' });
  const text = fromUtf8Strict(bytes);
  return text === undefined ? pathText(bytes) : escapeText(text);
}
