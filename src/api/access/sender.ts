import { equalDigests, sha256 } from '../../base/hash.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { parseRfc3339, type TimeNs } from '../../base/time.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { isAllowed } from '../../model/access/principal.ts';
import { bearerToken } from './bearer.ts';
import type { TokenGrant } from './token-register.ts';

/** Who sends records. */
export interface Sender {
  /** `token:<id>`, or `local` where no token is needed. */
  readonly id: string;
  /** It may only send records of these components; absent for all. */
  readonly components?: readonly string[];
}

/**
 * Who may send on an ingest listener. On loopback a request without a token is local and passes;
 * one with a token is always judged by it, so that a mistaken token is noticed. Needs nothing but
 * the grants that the core pushes, so the evidence process decides without asking anybody.
 */
export function senderOf(
  authorization: string | undefined,
  isLoopbackListener: boolean,
  grants: readonly TokenGrant[],
  now: TimeNs,
): Result<Sender> {
  if (authorization === undefined) {
    if (isLoopbackListener) return ok({ id: 'local' });
    return err(lgError('LG_ACCESS_TOKEN_MISSING', 'this listener takes records with a token only'));
  }
  const token = bearerToken(authorization);
  const hash = token === undefined ? '' : sha256(token);
  const grant = grants.find((one) => equalDigests(one.hash, hash) && isCurrent(one, now));
  if (grant === undefined) {
    return err(lgError('LG_ACCESS_TOKEN_UNKNOWN', 'the sender’s token is not known'));
  }
  const { id, role, components } = grant;
  if (!isAllowed({ id, role }, 'ingest')) {
    const seen = `token:${id} has the role ${role}, which does not hold "ingest"`;
    return err(lgError('LG_ACCESS_DENIED', seen));
  }
  return ok({ id: `token:${id}`, ...(components === undefined ? {} : { components }) });
}

function isCurrent({ expiresAt }: TokenGrant, now: TimeNs): boolean {
  const end = expiresAt === undefined ? undefined : parseRfc3339(expiresAt);
  return end === undefined || end > now;
}
