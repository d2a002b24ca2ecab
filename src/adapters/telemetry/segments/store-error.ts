import type { LastgoodError } from '../../../base/error.ts';
import { messageOf, systemCode } from '../../../base/error.ts';
import { lgError } from '../../../model/errors/lg-error.ts';

/** System errors that say there is no room: disk, quota. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);

/** The error of a failed write to the data directory. */
export function writeError(what: string, thrown: unknown): LastgoodError {
  const code = FULL.has(systemCode(thrown)) ? 'LG_STORE_DISK_FULL' : 'LG_STORE_WRITE_FAILED';
  return lgError(code, `${what}: ${messageOf(thrown)}`, thrown);
}
