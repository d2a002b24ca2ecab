import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { giveBackBytes } from '../base/give-back-bytes.ts';
import { withRoom } from '../base/disk-full.ts';
import { unwrap, type Result } from '../base/result.ts';
import type { BlobHash, StateItem } from '../model/checkpoint/capture.ts';
import type { ProviderIo } from '../ports/provider.ts';
import type { AnchoredFolder } from './anchored-folder.ts';
import { readAttributes, type TreeAttributes } from './compare/tree-item.ts';
import type { FileAccess } from './file-access.ts';
import { writeXattrs } from './xattrs.ts';

/** The folder a file is staged in, reached anew each time: it may have been closed since. */
export interface StagePlace {
  find(): Promise<AnchoredFolder>;
  readonly access: FileAccess;
  /** A free temporary name. */
  name(): string;
}

/** A file's new form, complete beside its place, under a temporary name. */
export interface StagedFile {
  /** fsync of content, owner and mode. */
  sync(): Promise<void>;
  /** Puts it in place of `name`, atomically. */
  place(name: string): Promise<void>;
  /** Removes it unless it was placed; never throws. */
  discard(): Promise<void>;
}

/** How contents are had; they are ours, and given back as soon as they are written. */
export type ContentOf = (hash: BlobHash) => Promise<Result<Uint8Array>>;

/**
 * Writes the content of `item` into its folder under a name nobody uses: created exclusively with
 * mode 0600, so that no moment shows a secret; then extended attributes, owner and mode.
 * Throws, and leaves nothing behind, when that fails.
 */
export async function stageFile(
  place: StagePlace,
  item: StateItem,
  contentOf: ContentOf,
  io: ProviderIo,
): Promise<StagedFile> {
  const wanted = readAttributes(item);
  if (wanted === undefined) throw new Error(`broken invariant: ${item.path} is no file`);
  const { access } = place;
  const name = place.name();
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const fd = await access.open((await place.find()).at(name), flags, 0o600);
  const staged = stagedFile(place, name);
  try {
    await fill({ fd, access }, item, contentOf, io);
    await setOwnerAndMode(fd, wanted, access, item.path);
    if (wanted.xattrs !== undefined) {
      const path = `/proc/${process.pid}/fd/${fd}`;
      const failure = unwrap(await writeXattrs(path, undefined, wanted.xattrs, io));
      if (failure !== undefined) throw new Error(`${item.path}: ${failure}`);
    }
  } catch (thrown) {
    await staged.discard();
    throw thrown;
  } finally {
    await access.close(fd);
  }
  return staged;
}

function stagedFile(place: StagePlace, name: string): StagedFile {
  let isPlaced = false;
  return {
    async sync() {
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
      const handle = await fs.open((await place.find()).at(name), flags);
      await handle.sync().finally(() => handle.close());
    },
    async place(final) {
      const folder = await place.find();
      await place.access.rename(folder.at(name), folder.at(final));
      isPlaced = true;
    },
    async discard() {
      if (isPlaced) return;
      // A leftover is ignored by every later look and holds nothing but a mode 0600 copy.
      await place
        .find()
        .then((folder) => fs.unlink(folder.at(name)))
        .catch(() => undefined);
    },
  };
}

async function fill(
  { fd, access }: { readonly fd: number; readonly access: FileAccess },
  item: StateItem,
  contentOf: ContentOf,
  { signal, spare }: Pick<ProviderIo, 'signal' | 'spare'>,
): Promise<void> {
  const makeRoom = async (): Promise<boolean> =>
    spare?.giveUpOn(Number((await access.fstat(fd)).dev)) ?? false;
  let at = 0;
  for (const hash of item.content ?? []) {
    signal.throwIfAborted();
    const bytes = unwrap(await contentOf(hash));
    for (let done = 0; done < bytes.length;) {
      done += await withRoom({ makeRoom }, () => access.write(fd, bytes, done, at + done));
    }
    at += bytes.length;
    giveBackBytes(bytes);
  }
}

async function setOwnerAndMode(
  fd: number,
  wanted: TreeAttributes,
  access: FileAccess,
  path: string,
): Promise<void> {
  const { uid, gid } = await access.fstat(fd);
  if (Number(uid) !== wanted.uid || Number(gid) !== wanted.gid) {
    try {
      await access.chown(fd, wanted.uid, wanted.gid);
    } catch (cause) {
      throw new Error(`${path}: cannot give it to ${wanted.uid}:${wanted.gid}`, { cause });
    }
  }
  // After chown, which clears the set-user-id bits.
  await access.chmod(fd, Number.parseInt(wanted.mode ?? '0600', 8));
}
