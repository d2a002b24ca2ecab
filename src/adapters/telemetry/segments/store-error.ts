import type { LastgoodError } from '../../../base/error.ts';
import { isDiskFull } from '../../../base/disk-full.ts';
import { messageOf } from '../../../base/error.ts';
import { lgError } from '../../../model/errors/lg-error.ts';

/** The error of a failed write to the data directory. */
export function writeError(what: string, thrown: unknown): LastgoodError {
  const code = isDiskFull(thrown) ? 'LG_STORE_DISK_FULL' : 'LG_STORE_WRITE_FAILED';
  return lgError(code, `${what}: ${messageOf(thrown)}`, thrown);
}
