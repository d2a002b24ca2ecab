import type { Disk } from './disk.ts';
import { systemCode } from './error.ts';

/** System errors that say there is no room: disk, quota. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);

/**
 * SQLITE_FULL and SQLITE_IOERR_SHMSIZE (sqlite.org/rescode.html): the second is what opening says
 * when there is no room for the index of its log.
 */
const SQLITE_FULL: ReadonlySet<unknown> = new Set([13, 4874]);

/** Whether something failed because the disk has no room. */
export function isDiskFull(thrown: unknown): boolean {
  if (FULL.has(systemCode(thrown))) return true;
  return thrown instanceof Error && 'errcode' in thrown && SQLITE_FULL.has(thrown.errcode);
}

/** Does what may be done twice; on a full disk again, as long as room is made for it. */
export async function withRoom<Value>(
  disk: { makeRoom(): boolean | Promise<boolean> },
  work: () => Value | Promise<Value>,
): Promise<Value> {
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      if (!isDiskFull(thrown) || !(await disk.makeRoom())) throw thrown;
    }
  }
}

/** As `withRoom`, at once. */
export function withRoomNow<Value>(disk: Pick<Disk, 'makeRoom'>, work: () => Value): Value {
  for (;;) {
    try {
      return work();
    } catch (thrown) {
      if (!isDiskFull(thrown) || !disk.makeRoom()) throw thrown;
    }
  }
}
