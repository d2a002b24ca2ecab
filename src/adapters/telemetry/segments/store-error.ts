import type { LastgoodError } from '../../../base/error.ts';
import { messageOf, systemCode } from '../../../base/error.ts';
import { lgError } from '../../../model/errors/lg-error.ts';

/** System errors that say there is no room: disk, quota. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);

/** `SQLITE_FULL`, see sqlite.org/rescode.html. */
const SQLITE_FULL = 13;

/** Whether something failed because the disk has no room. */
export function isDiskFull(thrown: unknown): boolean {
  if (FULL.has(systemCode(thrown))) return true;
  return thrown instanceof Error && 'errcode' in thrown && thrown.errcode === SQLITE_FULL;
}

/** The error of a failed write to the data directory. */
export function writeError(what: string, thrown: unknown): LastgoodError {
  const code = isDiskFull(thrown) ? 'LG_STORE_DISK_FULL' : 'LG_STORE_WRITE_FAILED';
  return lgError(code, `${what}: ${messageOf(thrown)}`, thrown);
}
