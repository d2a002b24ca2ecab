import type { IncomingHttpHeaders } from 'node:http';
import { ok, type Result } from '../../../base/result.ts';
import type { ExportDecoder, OtlpEncoding, OtlpSignal } from '../../../ports/export-decoder.ts';
import type { SourceContext } from '../../../ports/source.ts';
import type { InFlight, InFlightShare } from './in-flight.ts';
import type { OtlpLimits } from './otlp-spec.ts';

/** Who sends: the scope in which `log.record.uid` is unique. */
export interface Sender {
  readonly id: string;
}

/** What of a request says who sends it; gRPC metadata are headers. */
export interface SenderClaim {
  readonly headers: IncomingHttpHeaders;
}

/** Decides whether a request may send. Errors: LG_ACCESS_…. */
export type Authorize = (claim: SenderClaim) => Promise<Result<Sender>> | Result<Sender>;

/** What serving requests needs, whatever carries them. */
export interface ExportServer {
  readonly context: SourceContext;
  readonly decoder: ExportDecoder;
  readonly authorize: Authorize;
  readonly limits: OtlpLimits;
  readonly inFlight: InFlight;
}

/** A request that has been let in; its body is read last. */
export interface ExportRequest {
  readonly signal: OtlpSignal;
  readonly encoding: OtlpEncoding;
  readonly sender: Sender;
  /** Reads and unpacks the body within the share. */
  readonly body: (share: InFlightShare) => Promise<Result<Uint8Array>>;
}

/** What became of a request whose records are durable. */
export interface ExportReceipt {
  /** Records (data points for metrics) that were not taken. */
  readonly rejected: number;
  /** Why, for the sender; empty when all were taken. */
  readonly reasons: string;
}

/**
 * Reads, decodes and delivers one request; answers once its records are durable. This is the one
 * way in for HTTP and gRPC. Errors: LG_INGEST_…, LG_STORE_…; nothing of the request was kept then.
 */
export async function receiveExport(
  server: ExportServer,
  { signal, encoding, sender, body }: ExportRequest,
): Promise<Result<ExportReceipt>> {
  const { context, limits } = server;
  const share = server.inFlight.enter(limits.inFlightBytesMax);
  try {
    const read = await body(share);
    if (!read.ok) {
      if (read.error.code === 'LG_INGEST_OVERLOADED') context.refuse();
      return read;
    }
    const decoded = server.decoder.decode(signal, encoding, read.value, context.clock.now());
    if (!decoded.ok) {
      context.reject({ reason: decoded.error.message, input: '' });
      return decoded;
    }
    const { batch, rejected, rejects } = decoded.value;
    if (batch.rows > 0) {
      const receipt = await context.deliver(batch, { sender: sender.id });
      if (!receipt.ok) return receipt;
    }
    for (let at = 0; at < rejected; at += 1) {
      context.reject(rejects[at] ?? { reason: 'one of many of the same request', input: '' });
    }
    const [first] = rejects;
    const reasons = first === undefined ? '' : `${rejected} not taken, the first: ${first.reason}`;
    return ok({ rejected, reasons });
  } finally {
    share.release();
  }
}
