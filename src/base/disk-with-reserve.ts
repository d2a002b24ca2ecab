import { withRoom } from './disk-full.ts';
import type { Disk, DiskFile } from './disk.ts';
import type { Reserve } from './reserve.ts';

/**
 * A disk whose writers are given room of a reserve when it is full, unless less than `keepShare` of
 * it would be left: that is for others, who need it more.
 */
export function diskWithReserve(disk: Disk, reserve: Reserve, keepShare = 0): Disk {
  const roomy = { makeRoom: () => reserve.giveUp(keepShare) };
  return {
    ...roomy,
    open: async (path, how) =>
      withReserve(await withRoom(roomy, () => disk.open(path, how)), roomy),
    rename: (from, to) => withRoom(roomy, () => disk.rename(from, to)),
    makeFolder: (path) => withRoom(roomy, () => disk.makeFolder(path)),
    remove: (path) => disk.remove(path),
    list: (path) => disk.list(path),
    syncFolder: (path) => disk.syncFolder(path),
    commit: (name, run) => disk.commit(name, run),
    room: async (folder) => ({
      ...(await disk.room(folder)),
      spareBytes: reserve.spareBytes(keepShare),
    }),
  };
}

/** What a failed sync has lost is not there for a second one, so only writes are repeated. */
function withReserve(file: DiskFile, roomy: Pick<Disk, 'makeRoom'>): DiskFile {
  return {
    write: (bytes, at) => withRoom(roomy, () => file.write(bytes, at)),
    read: (into, at) => file.read(into, at),
    sync: () => file.sync(),
    truncate: (length) => file.truncate(length),
    size: () => file.size(),
    close: () => file.close(),
  };
}
