import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { LastgoodError } from '../../../base/error.ts';
import type { OtlpEncoding, OtlpSignal } from '../../../ports/export-decoder.ts';

/** An answer, ready to be written. */
export interface ExportReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array | string;
  readonly retryAfterSeconds?: number | undefined;
}

const CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** The member of a JSON response that counts what was rejected. */
const REJECTED_NAMES: Readonly<Record<OtlpSignal, string>> = {
  logs: 'rejectedLogRecords',
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
};

/**
 * The answer to a request whose records are durable. With rejects it is a partial success: the
 * sender must not repeat the request (OTLP 1.10, "Partial Success").
 */
export function successReply(
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  rejected: number,
  message: string,
): ExportReply {
  const contentType = CONTENT_TYPES[encoding];
  if (encoding === 'json') {
    const partial = { [REJECTED_NAMES[signal]]: String(rejected), errorMessage: message };
    const body = rejected === 0 ? '{}' : JSON.stringify({ partialSuccess: partial });
    return { status: 200, contentType, body };
  }
  return { status: 200, contentType, body: partialSuccess(rejected, message) };
}

/** An Export…ServiceResponse as protobuf; its members are numbered alike for all three signals. */
export function partialSuccess(rejected: number, message: string): Uint8Array {
  const writer = new BinaryWriter();
  if (rejected > 0) {
    writer.tag(1, 2).fork();
    writer.tag(1, 0).int64(rejected);
    writer.tag(2, 2).string(message);
    writer.join();
  }
  return writer.finish();
}

/** gRPC codes by HTTP status: OTLP/HTTP answers failures with google.rpc.Status. */
const GRPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  413: 8,
  415: 3,
  429: 8,
  503: 14,
};

const GRPC_INTERNAL = 13;

/** How long a sender shall wait: a store that was busy or full is looked at again this soon. */
const RETRY_SECONDS = 1;
const RETRY_SECONDS_DISK_FULL = 10;

/**
 * The answer to a request of which nothing was kept. OTLP senders repeat on 429, 502, 503 and 504
 * only, so each retryable error becomes 429 or 503.
 */
export function failureReply(error: LastgoodError, encoding: OtlpEncoding): ExportReply {
  const { retryable, status } = error.entry;
  const isRetried = retryable && status >= 500;
  const reply = refusalReply(isRetried ? 503 : status, error.message, encoding);
  return retryable ? { ...reply, retryAfterSeconds: retrySeconds(error) } : reply;
}

/** How long the sender of a request that met a retryable error shall wait. */
export function retrySeconds(error: LastgoodError): number {
  return error.code === 'LG_STORE_DISK_FULL' ? RETRY_SECONDS_DISK_FULL : RETRY_SECONDS;
}

/** An answer of a status with a sentence. */
export function refusalReply(status: number, message: string, encoding: OtlpEncoding): ExportReply {
  const code = GRPC_CODES[status] ?? GRPC_INTERNAL;
  const contentType = CONTENT_TYPES[encoding];
  if (encoding === 'json') {
    return { status, contentType, body: JSON.stringify({ code, message }) };
  }
  const body = new BinaryWriter().tag(1, 0).int32(code).tag(2, 2).string(message).finish();
  return { status, contentType, body };
}
