import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { toHex } from '../base/bytes.ts';
import { unwrap } from '../base/result.ts';
import type { StateItem } from '../model/capture.ts';
import type { ProviderIo } from '../ports/provider.ts';
import type { AnchoredFolder } from './anchored-folder.ts';
import { readAttributes, type TreeAttributes } from './compare/tree-item.ts';
import { writeXattrs } from './xattrs.ts';

/** Reaches the file's folder anew: it may have been closed since. */
type FindFolder = () => Promise<AnchoredFolder>;

/** A file's new form, complete beside its place, under a temporary name. */
export interface StagedFile {
  /** Gives the descriptor back; `sync` opens the file again. */
  release(): Promise<void>;
  /** fsync of content, owner and mode. */
  sync(): Promise<void>;
  /** Puts it in place of `name`, atomically. */
  place(name: string): Promise<void>;
  /** Removes it unless it was placed; never throws. */
  discard(): Promise<void>;
}

/**
 * Writes the content of `item` into its folder under a name nobody uses: created exclusively with
 * mode 0600, so that no moment shows a secret; then extended attributes, owner and mode.
 * Throws, and leaves nothing behind, when that fails.
 */
export async function stageFile(
  find: FindFolder,
  item: StateItem,
  io: ProviderIo,
): Promise<StagedFile> {
  const wanted = readAttributes(item);
  if (wanted === undefined) throw new Error(`broken invariant: ${item.path} is no file`);
  const name = `.lastgood-${toHex(randomBytes(8))}.tmp`;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const handle = await fs.open((await find()).at(name), flags, 0o600);
  const staged = stagedFile(find, name, handle);
  try {
    await fill(handle, item, io);
    await setOwnerAndMode(handle, wanted, item.path);
    if (wanted.xattrs !== undefined) {
      const path = `/proc/${process.pid}/fd/${handle.fd}`;
      const failure = unwrap(await writeXattrs(path, undefined, wanted.xattrs, io));
      if (failure !== undefined) throw new Error(`${item.path}: ${failure}`);
    }
    return staged;
  } catch (thrown) {
    await staged.discard();
    throw thrown;
  }
}

function stagedFile(find: FindFolder, name: string, handle: fs.FileHandle): StagedFile {
  let open: fs.FileHandle | undefined = handle;
  let isPlaced = false;
  const release = async (): Promise<void> => {
    const closing = open;
    open = undefined;
    await closing?.close();
  };
  return {
    release,
    async sync() {
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
      open ??= await fs.open((await find()).at(name), flags);
      await open.sync();
      await release();
    },
    async place(final) {
      const folder = await find();
      await fs.rename(folder.at(name), folder.at(final));
      isPlaced = true;
      await release();
    },
    async discard() {
      await release();
      // A leftover is ignored by every later look and holds nothing but a mode 0600 copy.
      if (isPlaced) return;
      await find()
        .then((folder) => fs.unlink(folder.at(name)))
        .catch(() => undefined);
    },
  };
}

async function fill(handle: fs.FileHandle, item: StateItem, io: ProviderIo): Promise<void> {
  let at = 0;
  for (const hash of item.content ?? []) {
    io.signal.throwIfAborted();
    const bytes = unwrap(await io.getBlob(hash));
    for (let done = 0; done < bytes.length;) {
      const written = await handle.write(bytes, done, bytes.length - done, at + done);
      done += written.bytesWritten;
    }
    at += bytes.length;
  }
}

async function setOwnerAndMode(
  handle: fs.FileHandle,
  wanted: TreeAttributes,
  path: string,
): Promise<void> {
  const stat = await handle.stat();
  if (stat.uid !== wanted.uid || stat.gid !== wanted.gid) {
    await handle.chown(wanted.uid, wanted.gid).catch((cause: unknown) => {
      throw new Error(`${path}: cannot give it to ${wanted.uid}:${wanted.gid}`, { cause });
    });
  }
  // After chown, which clears the set-user-id bits.
  await handle.chmod(Number.parseInt(wanted.mode ?? '0600', 8));
}
