import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OtlpEncoding, OtlpSignal } from '../../../ports/export-decoder.ts';
import { failureReply, refusalReply, successReply, type ExportReply } from './export-reply.ts';
import { readPacked, unpackerOf } from './read-body.ts';
import { receiveExport, type ExportServer, type Sender } from './receive-export.ts';

const SIGNALS: ReadonlyMap<string, OtlpSignal> = new Map([
  ['/v1/logs', 'logs'],
  ['/v1/traces', 'traces'],
  ['/v1/metrics', 'metrics'],
]);

const ENCODINGS: ReadonlyMap<string, OtlpEncoding> = new Map([
  ['application/x-protobuf', 'protobuf'],
  ['application/json', 'json'],
]);

const HINT =
  'lastgood receives OTLP/HTTP here: POST /v1/logs, /v1/traces or /v1/metrics ' +
  'as application/x-protobuf or application/json.\n';

/** Serves one HTTP request from its headers to its answer. Never rejects for a sender's fault. */
export async function serveExport(
  server: ExportServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = await replyTo(server, request);
  if (response.destroyed) return;
  const headers: Record<string, string> = { 'Content-Type': reply.contentType };
  if (reply.retryAfterSeconds !== undefined) {
    headers['Retry-After'] = String(reply.retryAfterSeconds);
  }
  if (reply.status === 405) headers['Allow'] = 'POST';
  if (reply.status === 401) headers['WWW-Authenticate'] = 'Bearer';
  if (!request.complete) {
    // The rest of the body is thrown away; the request's timeout bounds how long that takes.
    headers['Connection'] = 'close';
    request.resume();
  }
  response.writeHead(reply.status, headers);
  response.end(reply.body);
}

async function replyTo(server: ExportServer, request: IncomingMessage): Promise<ExportReply> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const encoding = encodingOf(request);
  const replyEncoding = encoding ?? 'json';
  const signal = SIGNALS.get(path);
  if (signal === undefined) {
    if (path === '/' && (request.method === 'GET' || request.method === 'HEAD')) {
      return { status: 200, contentType: 'text/plain; charset=utf-8', body: HINT };
    }
    return refusalReply(404, 'there is no such path; see GET /', replyEncoding);
  }
  if (request.method !== 'POST') {
    return refusalReply(405, `${path} takes POST, not ${request.method}`, replyEncoding);
  }
  const sender = await server.authorize(request);
  if (!sender.ok) return failureReply(sender.error, replyEncoding);
  if (encoding === undefined) {
    const seen = (request.headers['content-type'] ?? 'none').slice(0, 64);
    const message = `Content-Type ${seen}; send application/x-protobuf or application/json`;
    return refusalReply(415, `LG_INGEST_ENCODING_UNSUPPORTED: ${message}`, 'json');
  }
  return receive(server, request, signal, encoding, sender.value);
}

async function receive(
  server: ExportServer,
  request: IncomingMessage,
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  sender: Sender,
): Promise<ExportReply> {
  const { limits } = server;
  const unpack = unpackerOf(request.headers['content-encoding'], limits);
  if (!unpack.ok) return failureReply(unpack.error, encoding);
  const announced = Number(request.headers['content-length'] ?? 0);
  const received = await receiveExport(server, {
    signal,
    encoding,
    sender,
    async body(share) {
      const packed = await readPacked(request, announced, limits.bodyBytesMax, share);
      return packed.ok ? unpack.value(packed.value, share) : packed;
    },
  });
  if (!received.ok) return failureReply(received.error, encoding);
  const { rejected, reasons } = received.value;
  return successReply(signal, encoding, rejected, reasons);
}

function encodingOf(request: IncomingMessage): OtlpEncoding | undefined {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0] ?? '';
  return ENCODINGS.get(type.trim().toLowerCase());
}
