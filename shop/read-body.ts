import type { IncomingMessage } from 'node:http';

/** An order is some hundred bytes; a body beyond this is no customer of ours. */
const bodyBytesMax = 64 * 1024;

/** The text of a request or of an answer; rejects when there is more of it than a shop sends. */
export async function readBody(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > bodyBytesMax) throw new Error(`the body is longer than ${bodyBytesMax} bytes`);
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}
