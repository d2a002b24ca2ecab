import { ok, type Result } from '../../base/result.ts';
import type { AuditLog } from '../access/audit-log.ts';
import { knownPrincipals } from '../access/known-principals.ts';
import { signInPath, type Sessions } from '../access/sessions.ts';
import type { TokenRegister } from '../access/token-register.ts';
import type { BackendCall, Caller } from '../backend.ts';
import type { RouteAnswer, RouteInput, RouteName } from '../contract.ts';

/** A call of one JSON document. */
type DocumentCall = Exclude<RouteName, 'checkpointExport'>;

type Calls<Names extends RouteName> = {
  readonly [Name in Names]: (
    caller: Caller,
    input: RouteInput<Name>,
  ) => Promise<Result<RouteAnswer<Name>>>;
};

/** The calls that the server answers itself, from its own access parts. */
export function servedCalls(
  tokens: TokenRegister,
  audit: AuditLog,
  sessions: Sessions,
): Calls<Exclude<DocumentCall, BackendCall>> {
  return {
    sessionShow: ({ principal }) => Promise.resolve(ok({ ...principal })),
    sessionLink: ({ principal }) =>
      Promise.resolve(ok({ path: signInPath(sessions.issueCode(principal)) })),
    principalList: () => Promise.resolve(ok({ principals: knownPrincipals(tokens) })),
    tokenList: () => Promise.resolve(ok({ tokens: tokens.list() })),
    tokenCreate: ({ principal }, wish) => tokens.create(wish, principal.id),
    tokenRevoke: ({ principal }, { id }) => tokens.revoke(id, principal.id),
    auditList: async (_caller, { after, limit }) => {
      const entries = await audit.list(after, limit);
      return entries.ok ? ok({ entries: entries.value }) : entries;
    },
    auditVerify: () => audit.verify(),
  };
}
