import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate, zstdDecompress } from 'node:zlib';
import { messageOf, systemCode, type LastgoodError } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { InFlightShare } from './in-flight.ts';
import type { OtlpLimits } from './otlp-spec.ts';

type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

/** Content encodings and how they are undone; all bound their output while they work. */
const UNPACKERS: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['zstd', promisify(zstdDecompress)],
]);

/**
 * Reads and unpacks a request body within the limits. Errors: LG_INGEST_ENCODING_UNSUPPORTED,
 * LG_INGEST_BODY_TOO_LARGE, LG_INGEST_BODY_MALFORMED, LG_INGEST_OVERLOADED. A sender that goes away
 * gives a malformed body, which nobody reads.
 */
export async function readBody(
  request: IncomingMessage,
  limits: OtlpLimits,
  share: InFlightShare,
): Promise<Result<Uint8Array>> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const unpack = UNPACKERS.get(encoding);
  if (unpack === undefined && encoding !== 'identity' && encoding !== '') {
    const detail = `Content-Encoding "${encoding.slice(0, 64)}"`;
    return err(lgError('LG_INGEST_ENCODING_UNSUPPORTED', detail));
  }
  const packed = await readPacked(request, limits.bodyBytesMax, share);
  if (!packed.ok || unpack === undefined) return packed;
  return unpackBody(packed.value, encoding, unpack, limits.unpackedBytesMax, share);
}

async function readPacked(
  request: IncomingMessage,
  bytesMax: number,
  share: InFlightShare,
): Promise<Result<Uint8Array>> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > bytesMax) return err(tooLarge(`${announced} bytes, limit ${bytesMax}`));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Destroying the request would cut the connection before the answer has left.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) continue;
      length += chunk.length;
      if (length > bytesMax) return err(tooLarge(`more than ${bytesMax} bytes`));
      if (!share.take(chunk.length)) return err(overloaded());
      chunks.push(chunk);
    }
  } catch (error) {
    const detail = `the body broke off after ${length} bytes: ${messageOf(error)}`;
    return err(lgError('LG_INGEST_BODY_MALFORMED', detail, error));
  }
  const [only] = chunks;
  return ok(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length));
}

async function unpackBody(
  packed: Uint8Array,
  encoding: string,
  unpack: Unpack,
  bytesMax: number,
  share: InFlightShare,
): Promise<Result<Uint8Array>> {
  try {
    const body = await unpack(packed, { maxOutputLength: bytesMax });
    return share.take(body.length) ? ok(body) : err(overloaded());
  } catch (error) {
    if (systemCode(error) === 'ERR_BUFFER_TOO_LARGE') {
      return err(tooLarge(`${packed.length} bytes of ${encoding} unpack to more than ${bytesMax}`));
    }
    const detail = `${packed.length} bytes that are no ${encoding}: ${messageOf(error)}`;
    return err(lgError('LG_INGEST_BODY_MALFORMED', detail, error));
  }
}

function tooLarge(detail: string): LastgoodError {
  return lgError('LG_INGEST_BODY_TOO_LARGE', detail);
}

function overloaded(): LastgoodError {
  return lgError('LG_INGEST_OVERLOADED', 'all requests together hold as much as they may');
}
