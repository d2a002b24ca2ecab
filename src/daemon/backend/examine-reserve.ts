import type { Finding, Problem } from '../../api/contract.ts';
import { messageOf } from '../../base/error.ts';
import { mebibytes } from '../../base/mebibytes.ts';
import type { Reserve } from '../../base/reserve.ts';
import type { Core } from '../core.ts';

type Parts = { readonly reserve: Reserve; readonly folder: Pick<Core['folder'], 'root'> };

/** Whether the room for recovery is set aside; one that is just growing is no reason to worry. */
export function examineReserve({ reserve, folder }: Parts): readonly Finding[] {
  const base = { area: 'disk', subject: 'recovery reserve' };
  try {
    const { wantedBytes, heldBytes, freeBytes, neededBytes, isShort } = reserve.state();
    if (wantedBytes === 0) return [{ ...base, ok: true, seen: 'none: storage.recoveryReserve' }];
    const held = `${mebibytes(heldBytes)} of ${mebibytes(wantedBytes)} MiB are set aside`;
    if (!isShort) return [{ ...base, ok: true, seen: held }];
    const free = `${mebibytes(freeBytes)} MiB are free`;
    const needed = `the reserve needs ${mebibytes(neededBytes)} MiB to be whole`;
    const seen = `${held} for recovery; ${free}, and ${needed}`;
    const has = 'a rollback has no more than what is set aside and what is free';
    const until = `until then no evidence is stored, and ${has}`;
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
