import type { Readable, Transform } from 'node:stream';
import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { messageOf, type LastgoodError } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { InFlightShare } from './in-flight.ts';
import type { OtlpLimits } from './otlp-spec.ts';

/** What comes out of an unpacker at a time: small bodies are one piece. */
const PIECE = { chunkSize: 256 * 1024 };

/** Content encodings and what undoes them. */
const UNPACKERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', () => createGunzip(PIECE)],
  ['x-gzip', () => createGunzip(PIECE)],
  ['deflate', () => createInflate(PIECE)],
  ['zstd', () => createZstdDecompress(PIECE)],
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
  const unpacker = UNPACKERS.get(encoding);
  if (unpacker === undefined) {
    const detail = `the encoding "${encoding.slice(0, 64)}"`;
    return err(lgError('LG_INGEST_ENCODING_UNSUPPORTED', detail));
  }
  const { unpackedBytesMax } = limits;
  return ok((packed, share) => unpackBody(packed, encoding, unpacker(), unpackedBytesMax, share));
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

/**
 * Unpacks piece by piece, so that a small body that stands for a large one holds no more memory
 * than its share has at any moment.
 */
async function unpackBody(
  packed: Uint8Array,
  encoding: string,
  unpacker: Transform,
  bytesMax: number,
  share: InFlightShare,
): Promise<Result<Uint8Array>> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    unpacker.end(packed);
    for await (const piece of unpacker) {
      if (!Buffer.isBuffer(piece)) continue;
      length += piece.length;
      if (length > bytesMax) {
        return err(
          tooLarge(`${packed.length} bytes of ${encoding} unpack to more than ${bytesMax}`),
        );
      }
      if (!share.take(piece.length)) return err(overloaded());
      pieces.push(piece);
    }
  } catch (error) {
    const detail = `${packed.length} bytes that are no ${encoding}: ${messageOf(error)}`;
    return err(lgError('LG_INGEST_BODY_MALFORMED', detail, error));
  } finally {
    unpacker.destroy();
  }
  const [only] = pieces;
  return ok(pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces, length));
}

/** A body beyond a limit. */
export function tooLarge(detail: string): LastgoodError {
  return lgError('LG_INGEST_BODY_TOO_LARGE', detail);
}

function overloaded(): LastgoodError {
  return lgError('LG_INGEST_OVERLOADED', 'all requests together hold as much as they may');
}
