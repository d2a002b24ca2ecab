import type { Server } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { messageOf, systemCode } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { SourceContext } from '../../../ports/source.ts';
import type { OtlpSpec } from './otlp-spec.ts';

/** Certificate and key. */
export type ListenerTls = TlsOptions;

/** A listener of either transport. */
export interface Listener {
  readonly server: Server;
  /** Takes no new connection, finishes requests at work, then closes. Idempotent. */
  stop(): Promise<void>;
}

/** How long requests may take to finish once we stop; the daemon has ten seconds in all. */
const DRAIN_MS = 5_000;

/** Opens the port; the answer is its number. Errors: LG_RUNTIME_PORT_TAKEN, LG_INGEST_…. */
export function bindListener(server: Server, spec: OtlpSpec): Promise<Result<number>> {
  const where = `${printAddress(spec.address)}:${spec.port}`;
  const what = spec.transport === 'grpc' ? 'OTLP/gRPC' : 'OTLP/HTTP';
  return new Promise((resolve) => {
    server.once('error', (error) => {
      const isTaken = systemCode(error) === 'EADDRINUSE';
      const code = isTaken ? 'LG_RUNTIME_PORT_TAKEN' : 'LG_INGEST_SOURCE_UNREADABLE';
      const why = isTaken ? '' : `: ${messageOf(error)}`;
      resolve(err(lgError(code, `${what} on ${where}${why}`, error)));
    });
    server.listen({ host: spec.address, port: spec.port }, () => {
      const bound = server.address();
      resolve(ok(typeof bound === 'object' && bound !== null ? bound.port : spec.port));
    });
  });
}

/** An address as it stands in a URL. */
export function printAddress(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** Waits until the work has ended, but no longer than there is time. */
export async function settle(
  work: ReadonlySet<Promise<void>>,
  { clock }: SourceContext,
): Promise<void> {
  let cancel = (): void => undefined;
  const patience = new Promise<void>((resolve) => {
    cancel = clock.after(DRAIN_MS, resolve);
  });
  await Promise.race([Promise.allSettled(work), patience]);
  cancel();
}
