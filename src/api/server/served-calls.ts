import { ok, type Result } from '../../base/result.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { TokenRegister } from '../access/token-register.ts';
import type { ApiBackend, BackendCall, Caller } from '../backend.ts';
import type { RouteAnswer, RouteInput, RouteName } from '../contract.ts';

/** A call of one JSON document. */
export type DocumentCall = Exclude<RouteName, 'checkpointExport'>;

type Calls<Names extends RouteName> = {
  readonly [Name in Names]: (
    caller: Caller,
    input: RouteInput<Name>,
  ) => Promise<Result<RouteAnswer<Name>>>;
};

/** What every document call is answered by: the backend, or the server's own access parts. */
export function servedCalls(
  backend: ApiBackend,
  tokens: TokenRegister,
  audit: AuditLog,
): Calls<DocumentCall> {
  const own: Calls<Exclude<DocumentCall, BackendCall>> = {
    sessionShow: ({ principal }) => Promise.resolve(ok({ ...principal })),
    tokenList: () => Promise.resolve(ok({ tokens: tokens.list() })),
    tokenCreate: ({ principal }, wish) => tokens.create(wish, principal.id),
    tokenRevoke: ({ principal }, { id }) => tokens.revoke(id, principal.id),
    auditList: async (_caller, { after, limit }) => {
      const entries = await audit.list(after, limit);
      return entries.ok ? ok({ entries: entries.value }) : entries;
    },
    auditVerify: () => audit.verify(),
  };
  return { ...backend, ...own };
}
