import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { toBase64 } from '../../../base/bytes.ts';
import type { LastgoodError } from '../../../base/error.ts';
import { retrySeconds } from './export-reply.ts';

/** Codes of gRPC (grpc.github.io/grpc/core/md_doc_statuscodes.html) that we answer. */
export const GRPC_STATUS = {
  ok: 0,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** An answer of gRPC: a message when all went well, else a status with a sentence. */
export interface GrpcReply {
  readonly status: (typeof GRPC_STATUS)[keyof typeof GRPC_STATUS];
  readonly message: string;
  readonly body?: Uint8Array;
  readonly retrySeconds?: number;
}

/** Statuses by what the error is over HTTP; every other one is internal. */
const STATUS_BY_HTTP: Readonly<Record<number, GrpcReply['status']>> = {
  400: GRPC_STATUS.invalidArgument,
  401: GRPC_STATUS.unauthenticated,
  403: GRPC_STATUS.permissionDenied,
  413: GRPC_STATUS.resourceExhausted,
  415: GRPC_STATUS.unimplemented,
  429: GRPC_STATUS.resourceExhausted,
};

/**
 * The answer to a request of which nothing was kept. Senders repeat on UNAVAILABLE, and on
 * RESOURCE_EXHAUSTED only when RetryInfo comes with it (OTLP 1.10, "OTLP/gRPC Throttling"), so a
 * body that is too large gets none.
 */
export function grpcFailure(error: LastgoodError): GrpcReply {
  const { retryable, status } = error.entry;
  if (!retryable) {
    return { status: STATUS_BY_HTTP[status] ?? GRPC_STATUS.internal, message: error.message };
  }
  const busy = status === 429 ? GRPC_STATUS.resourceExhausted : GRPC_STATUS.unavailable;
  return { status: busy, message: error.message, retrySeconds: retrySeconds(error) };
}

/** Longest status message: it travels in a header, and clients bound those at 8 KiB. */
const MESSAGE_CHARS_MAX = 1_000;

/** The trailers of an answer. */
export function grpcTrailers(reply: GrpcReply): Readonly<Record<string, string>> {
  const message = reply.message.slice(0, MESSAGE_CHARS_MAX);
  return {
    'grpc-status': String(reply.status),
    ...(message === '' ? {} : { 'grpc-message': percentEncode(message) }),
    ...(reply.retrySeconds === undefined
      ? {}
      : { 'grpc-status-details-bin': statusDetails(reply, message, reply.retrySeconds) }),
  };
}

/** As gRPC writes a message: everything but printable ASCII, and the percent sign, is escaped. */
function percentEncode(message: string): string {
  return [...new TextEncoder().encode(message)]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

/** A google.rpc.Status whose detail is google.rpc.RetryInfo. */
function statusDetails(reply: GrpcReply, message: string, seconds: number): string {
  const delay = new BinaryWriter().tag(1, 0).int64(seconds).finish();
  const retryInfo = new BinaryWriter().tag(1, 2).bytes(delay).finish();
  const detail = new BinaryWriter()
    .tag(1, 2)
    .string('type.googleapis.com/google.rpc.RetryInfo')
    .tag(2, 2)
    .bytes(retryInfo)
    .finish();
  const writer = new BinaryWriter().tag(1, 0).int32(reply.status).tag(2, 2).string(message);
  return toBase64(writer.tag(3, 2).bytes(detail).finish());
}
