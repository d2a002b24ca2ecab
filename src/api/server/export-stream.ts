import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';

/** Sends entries as NDJSON, as fast as the client takes them. */
export function sendExport(reply: FastifyReply, entries: unknown, log: Log): FastifyReply {
  if (!isAsyncIterable(entries)) throw new Error('broken invariant: an export is iterable');
  const lines = Readable.from(linesOf(entries));
  // An error after the first line cannot be answered any more: the connection breaks, which the
  // client reports, and the log says why.
  lines.on('error', (error) => log.error('ExportSendError', { error: messageOf(error) }));
  return reply.type('application/x-ndjson').send(lines);
}

async function* linesOf(entries: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
