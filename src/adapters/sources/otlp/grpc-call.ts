import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import { err, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { OtlpSignal } from '../../../ports/export-decoder.ts';
import { partialSuccess } from './export-reply.ts';
import { grpcFailure, grpcTrailers, GRPC_STATUS, type GrpcReply } from './grpc-reply.ts';
import type { InFlightShare } from './in-flight.ts';
import { readPacked, tooLarge, unpackerOf, type UnpackBody } from './read-body.ts';
import { receiveExport, type ExportServer } from './receive-export.ts';

const SERVICE = 'opentelemetry.proto.collector';

const SIGNALS: ReadonlyMap<string, OtlpSignal> = new Map([
  [`/${SERVICE}.logs.v1.LogsService/Export`, 'logs'],
  [`/${SERVICE}.trace.v1.TraceService/Export`, 'traces'],
  [`/${SERVICE}.metrics.v1.MetricsService/Export`, 'metrics'],
]);

/** Before each message stand one byte of flags and four of length. */
const PREFIX_BYTES = 5;

/**
 * Serves one gRPC call (unary, over HTTP/2) from its headers to its trailers. Never rejects for
 * what a sender did.
 */
export async function serveCall(
  server: ExportServer,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  if (!isGrpc(headers)) {
    const plain = { ':status': 415, 'content-type': 'text/plain; charset=utf-8' };
    stream.respond(plain);
    stream.end('OTLP over gRPC is received here; OTLP over HTTP has a port of its own.\n');
    return;
  }
  const { clock } = server.context;
  const cancel = clock.after(server.limits.requestTimeoutMs, () => {
    const message = `the message was not there within ${server.limits.requestTimeoutMs} ms`;
    answer(stream, { status: GRPC_STATUS.deadlineExceeded, message });
  });
  try {
    answer(stream, await replyTo(server, stream, headers, cancel));
  } finally {
    cancel();
  }
}

/** Ends a call with an answer; one that has ended is left alone. */
export function answer(stream: ServerHttp2Stream, reply: GrpcReply): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return;
  const head = { ':status': 200, 'content-type': 'application/grpc' };
  const { body } = reply;
  if (body === undefined) {
    stream.respond({ ...head, ...grpcTrailers(reply) }, { endStream: true });
  } else {
    stream.respond(head, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ ...grpcTrailers(reply) }));
    const framed = Buffer.alloc(PREFIX_BYTES + body.length);
    framed.writeUInt32BE(body.length, 1);
    framed.set(body, PREFIX_BYTES);
    stream.end(framed);
  }
  // A sender still at it is told to stop; what it sends on costs us nothing.
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}

async function replyTo(
  server: ExportServer,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  bodyRead: () => void,
): Promise<GrpcReply> {
  const path = headers[':path'] ?? '';
  const signal = SIGNALS.get(path);
  if (signal === undefined) {
    const message = `there is no ${path.slice(0, 200)}; known: ${[...SIGNALS.keys()].join(', ')}`;
    return { status: GRPC_STATUS.unimplemented, message };
  }
  const sender = await server.authorize({ headers });
  if (!sender.ok) return grpcFailure(sender.error);
  const named = headers['grpc-encoding'];
  const unpack = unpackerOf(typeof named === 'string' ? named : undefined, server.limits);
  if (!unpack.ok) return grpcFailure(unpack.error);
  const received = await receiveExport(server, {
    signal,
    encoding: 'protobuf',
    sender: sender.value,
    async body(share) {
      const read = await readMessage(server, stream, unpack.value, share);
      bodyRead();
      return read;
    },
  });
  if (!received.ok) return grpcFailure(received.error);
  const { rejected, reasons } = received.value;
  return { status: GRPC_STATUS.ok, message: '', body: partialSuccess(rejected, reasons) };
}

/** The one message of a unary call. */
async function readMessage(
  { limits }: ExportServer,
  stream: ServerHttp2Stream,
  unpack: UnpackBody,
  share: InFlightShare,
): Promise<Result<Uint8Array>> {
  const { bodyBytesMax } = limits;
  const framed = await readPacked(stream, 0, PREFIX_BYTES + bodyBytesMax, share);
  if (!framed.ok) return framed;
  const bytes = framed.value;
  if (bytes.length < PREFIX_BYTES) return malformed(`${bytes.length} bytes are no gRPC message`);
  const [flags = 0] = bytes;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  const rest = bytes.length - PREFIX_BYTES;
  if (length > bodyBytesMax) return err(tooLarge(`${length} bytes, limit ${bodyBytesMax}`));
  if (flags > 1) return malformed(`the flags of a gRPC message are ${flags}, not 0 or 1`);
  if (length !== rest) {
    return malformed(`a gRPC message of ${length} bytes was announced, ${rest} bytes came`);
  }
  const message = bytes.subarray(PREFIX_BYTES);
  return flags === 1 ? unpack(message, share) : { ok: true, value: message };
}

function malformed(detail: string): Result<never> {
  return err(lgError('LG_INGEST_BODY_MALFORMED', detail));
}

function isGrpc(headers: IncomingHttpHeaders): boolean {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const isType = type === 'application/grpc' || type === 'application/grpc+proto';
  return headers[':method'] === 'POST' && isType;
}
