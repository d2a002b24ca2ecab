import { readyKey, type SealKey } from '../../../base/aead.ts';
import type { Disk, DiskFile } from '../../../base/disk.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Keyring } from '../../../ports/keyring.ts';
import { BLOB_BYTES_MAX } from '../../../ports/vault.ts';
import { addressOf, unpackPayload } from './blob-payload.ts';
import {
  HEADER_BYTES_MAX,
  isCompressed,
  openRecord,
  readHeader,
  readIndex,
  readTrailer,
  RECORD_OVERHEAD_BYTES,
  sealedBytes,
  TRAILER_BYTES,
  type PackEntry,
} from './pack-format.ts';

/** A published pack. */
export interface PackFile {
  readonly id: string;
  readonly key: SealKey;
  readonly bytes: number;
  readonly entries: readonly PackEntry[];
  /** Why its index had to be rebuilt from its records, when it had. */
  readonly rebuiltBecause?: string;
}

/**
 * Opens a pack: its key, then its index, or what can be read record by record when that is
 * damaged. LG_KEY_WRONG for another key, LG_CHECKPOINT_DAMAGED when not even the key is there.
 */
export async function openPack(
  disk: Disk,
  folder: string,
  id: string,
  keyring: Keyring,
): Promise<Result<PackFile>> {
  const file = await disk.open(`${folder}/${id}.pack`, 'read');
  try {
    const bytes = await file.size();
    const header = readHeader(await readAt(file, 0, Math.min(bytes, HEADER_BYTES_MAX)));
    if (header === undefined) {
      return err(lgError('LG_CHECKPOINT_DAMAGED', `pack ${id} has no header`));
    }
    const unwrapped = await keyring.unwrap(header.key);
    if (!unwrapped.ok) return unwrapped;
    const key = readyKey(unwrapped.value);
    const entries = await indexOf(file, bytes, key, id);
    if (entries !== undefined) return ok({ id, key, bytes, entries });
    return ok({
      id,
      key,
      bytes,
      entries: await scan(file, header.length, bytes, key, id),
      rebuiltBecause: 'its index is missing or was altered',
    });
  } finally {
    await file.close();
  }
}

async function indexOf(
  file: DiskFile,
  bytes: number,
  key: SealKey,
  id: string,
): Promise<readonly PackEntry[] | undefined> {
  const trailer = await readAt(file, bytes - TRAILER_BYTES, TRAILER_BYTES);
  const length = readTrailer(trailer);
  if (length === undefined || length > bytes - TRAILER_BYTES) return undefined;
  return readIndex(key, id, await readAt(file, bytes - TRAILER_BYTES - length, length));
}

/** Every record that still opens; one that does not is skipped by its length. */
async function scan(
  file: DiskFile,
  from: number,
  bytes: number,
  key: SealKey,
  id: string,
): Promise<readonly PackEntry[]> {
  const entries: PackEntry[] = [];
  for (let offset = from; offset + RECORD_OVERHEAD_BYTES <= bytes;) {
    const word = Buffer.from(await readAt(file, offset, 4)).readUInt32BE(0);
    const length = sealedBytes(word);
    if (length > BLOB_BYTES_MAX + RECORD_OVERHEAD_BYTES || offset + 4 + length > bytes) break;
    const sealed = await readAt(file, offset + 4, length);
    const payload = openRecord(key, id, offset, word, sealed);
    const blob = payload === undefined ? undefined : unpackPayload(payload, isCompressed(word));
    if (blob !== undefined) {
      entries.push({ hash: addressOf(blob), offset, word, plainBytes: blob.length });
    }
    offset += 4 + length;
  }
  return entries;
}

/** Bytes at a place; fewer at the end of the file. */
export async function readAt(file: DiskFile, at: number, length: number): Promise<Uint8Array> {
  if (at < 0 || length <= 0) return new Uint8Array();
  const into = Buffer.allocUnsafe(length);
  return into.subarray(0, await file.read(into, at));
}
