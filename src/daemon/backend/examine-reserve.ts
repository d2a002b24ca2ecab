import type { Finding, Problem } from '../../api/contract.ts';
import { messageOf } from '../../base/error.ts';
import type { Reserve } from '../../base/reserve.ts';
import type { Core } from '../core.ts';

type Parts = { readonly reserve: Reserve; readonly folder: Pick<Core['folder'], 'root'> };

/** Whether the room for recovery is set aside; one that is just growing is no reason to worry. */
export function examineReserve({ reserve, folder }: Parts): readonly Finding[] {
  const base = { area: 'disk', subject: 'recovery reserve' };
  try {
    const { wantedBytes, heldBytes, freeBytes, isShort } = reserve.state();
    if (wantedBytes === 0) return [{ ...base, ok: true, seen: 'none: storage.recoveryReserve' }];
    const held = `${mebibytes(heldBytes)} of ${mebibytes(wantedBytes)} MiB are set aside`;
    if (!isShort) return [{ ...base, ok: true, seen: held }];
    const seen = `the disk is full: ${held} for recovery, ${mebibytes(freeBytes)} MiB are free`;
    const still = heldBytes > 0 ? 'a small rollback can be done' : 'no rollback can be done';
    const until = `until then no evidence is stored, and ${still}`;
    const mend = `free space on the disk of ${folder.root}; ${until}`;
    return [{ ...base, ok: false, seen, mend }];
  } catch (thrown) {
    const mend = 'let the daemon read and write its data directory';
    return [{ ...base, ok: false, seen: messageOf(thrown), mend }];
  }
}

/** The same for `status`: only what is wrong. */
export function reserveProblems(parts: Parts): readonly Problem[] {
  return examineReserve(parts).flatMap(({ ok, seen, mend = '' }) =>
    ok ? [] : [{ what: seen, mend }],
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
