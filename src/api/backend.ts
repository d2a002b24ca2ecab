import type { Result } from '../base/result.ts';
import type { Principal } from '../model/access/principal.ts';
import type { ExportEntry, RouteAnswer, RouteInput, RouteName, StreamEvent } from './contract.ts';

/** Who makes a call, and over what. */
export interface Caller {
  readonly principal: Principal;
  /** The address of the peer, for messages and the audit log. */
  readonly remote: string;
  /**
   * Monotonic milliseconds (`Clock.uptimeMs`) when the caller's connection was accepted: a confirm
   * must come over one that was opened after the run had applied.
   */
  readonly connectedAtMs: number;
}

/** Calls that the server answers itself, from the token register and the audit log. */
type Served =
  | 'sessionShow'
  | 'sessionLink'
  | 'principalList'
  | 'tokenList'
  | 'tokenCreate'
  | 'tokenRevoke'
  | 'auditList'
  | 'auditVerify';

/** Calls that the server answers with something else than one JSON document. */
type Streamed = 'checkpointExport';

/** Calls of one JSON document that the daemon answers. */
export type BackendCall = Exclude<RouteName, Served | Streamed>;

/**
 * What the API asks of the daemon: one method a call of `ROUTES`, with the call's parsed input. The
 * server has checked the role and the components named in the input; components that only the
 * backend knows (those of a plan, of a run) it checks itself with `requireComponents`. Writes and
 * refusals are put into the audit log by the server. A throw becomes LG_RUNTIME_BUG.
 */
export type ApiBackend = {
  readonly [Name in BackendCall]: (
    caller: Caller,
    input: RouteInput<Name>,
  ) => Promise<Result<RouteAnswer<Name>>>;
} & {
  /** The entries in the order they are to be written; the server sends them as they come. */
  checkpointExport(
    caller: Caller,
    input: RouteInput<'checkpointExport'>,
  ): Promise<Result<AsyncIterable<ExportEntry>>>;
  /** Own health as Prometheus text (prometheus.io/docs/instrumenting/exposition_formats). */
  metrics(): Promise<string>;
  /** Hears what changes until the answer is called; must not throw. */
  listen(hear: (event: StreamEvent) => void): () => void;
};
