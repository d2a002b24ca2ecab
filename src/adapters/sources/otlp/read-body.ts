import type { Readable } from 'node:stream';
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

/** Undoes one content encoding within the limits. */
export type UnpackBody = (packed: Uint8Array, share: InFlightShare) => Promise<Result<Uint8Array>>;

/**
 * How a body of a content encoding is unpacked. Its errors: LG_INGEST_BODY_TOO_LARGE,
 * LG_INGEST_BODY_MALFORMED, LG_INGEST_OVERLOADED. LG_INGEST_ENCODING_UNSUPPORTED at once when there
 * is no such encoding, so that nothing is read in vain.
 */
export function unpackerOf(header: string | undefined, limits: OtlpLimits): Result<UnpackBody> {
  const encoding = (header ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return ok(async (packed) => ok(packed));
  const unpack = UNPACKERS.get(encoding);
  if (unpack === undefined) {
    const detail = `the encoding "${encoding.slice(0, 64)}"`;
    return err(lgError('LG_INGEST_ENCODING_UNSUPPORTED', detail));
  }
  const { unpackedBytesMax } = limits;
  return ok((packed, share) => unpackBody(packed, encoding, unpack, unpackedBytesMax, share));
}

/**
 * Reads a request to its end, as it comes over the wire. Errors: LG_INGEST_BODY_TOO_LARGE,
 * LG_INGEST_OVERLOADED; a sender that goes away gives LG_INGEST_BODY_MALFORMED, which nobody reads.
 */
export async function readPacked(
  request: Readable,
  announced: number,
  bytesMax: number,
  share: InFlightShare,
): Promise<Result<Uint8Array>> {
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

/** A body beyond a limit. */
export function tooLarge(detail: string): LastgoodError {
  return lgError('LG_INGEST_BODY_TOO_LARGE', detail);
}

function overloaded(): LastgoodError {
  return lgError('LG_INGEST_OVERLOADED', 'all requests together hold as much as they may');
}
