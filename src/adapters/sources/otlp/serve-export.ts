import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Result } from '../../../base/result.ts';
import type { ExportDecoder, OtlpEncoding, OtlpSignal } from '../../../ports/export-decoder.ts';
import type { SourceContext } from '../../../ports/source.ts';
import { failureReply, refusalReply, successReply, type ExportReply } from './export-reply.ts';
import type { InFlight } from './in-flight.ts';
import type { OtlpLimits } from './otlp-spec.ts';
import { readBody } from './read-body.ts';

/** Who sends: the scope in which `log.record.uid` is unique. */
export interface Sender {
  readonly id: string;
}

/** Decides whether a request may send. Errors: LG_ACCESS_…. */
export type Authorize = (request: IncomingMessage) => Promise<Result<Sender>> | Result<Sender>;

/** What serving a request needs. */
export interface ExportServer {
  readonly context: SourceContext;
  readonly decoder: ExportDecoder;
  readonly authorize: Authorize;
  readonly limits: OtlpLimits;
  readonly inFlight: InFlight;
  /** Told of every batch that became durable. */
  delivered(rows: number): void;
}

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

/** Serves one request from its headers to its answer. Never rejects for what a sender did. */
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
  const { context } = server;
  const share = server.inFlight.enter();
  try {
    const body = await readBody(request, server.limits, share);
    if (!body.ok) return failureReply(body.error, encoding);
    const decoded = server.decoder.decode(signal, encoding, body.value, context.clock.now());
    if (!decoded.ok) {
      context.reject({ reason: decoded.error.message, input: '' });
      return failureReply(decoded.error, encoding);
    }
    const { batch, rejected, rejects } = decoded.value;
    if (batch.rows > 0) {
      const receipt = await context.deliver(batch, { sender: sender.id });
      if (!receipt.ok) return failureReply(receipt.error, encoding);
      server.delivered(batch.rows);
    }
    for (let at = 0; at < rejected; at += 1) {
      context.reject(rejects[at] ?? { reason: 'one of many of the same request', input: '' });
    }
    const [first] = rejects;
    const reasons = first === undefined ? '' : `${rejected} not taken, the first: ${first.reason}`;
    return successReply(signal, encoding, rejected, reasons);
  } finally {
    share.release();
  }
}

function encodingOf(request: IncomingMessage): OtlpEncoding | undefined {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0] ?? '';
  return ENCODINGS.get(type.trim().toLowerCase());
}
