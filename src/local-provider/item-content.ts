import { concatBytes } from '../base/bytes.ts';
import { ok, type Result } from '../base/result.ts';
import { hashOf } from '../filetree/read-content.ts';
import type { BlobHash, StateItem } from '../model/checkpoint/capture.ts';
import type { ProviderIo } from '../ports/provider.ts';
import { BLOB_BYTES_MAX } from '../ports/vault.ts';

/** Bytes as an item's content, in as many blobs as it takes; only hashed if not stored. */
export async function itemContent(
  bytes: Uint8Array,
  store: boolean,
  io: Pick<ProviderIo, 'putBlob'>,
): Promise<Result<Required<Pick<StateItem, 'content' | 'size'>>>> {
  const content: BlobHash[] = [];
  for (let at = 0; at < bytes.length; at += BLOB_BYTES_MAX) {
    const chunk = bytes.subarray(at, at + BLOB_BYTES_MAX);
    if (!store) content.push(hashOf(chunk));
    else {
      const stored = await io.putBlob(chunk);
      if (!stored.ok) return stored;
      content.push(stored.value);
    }
  }
  return ok({ content, size: bytes.length });
}

/** The content of an item from the vault. */
export async function readItemContent(
  item: StateItem,
  io: Pick<ProviderIo, 'getBlob'>,
): Promise<Result<Uint8Array>> {
  const parts: Uint8Array[] = [];
  for (const hash of item.content ?? []) {
    const blob = await io.getBlob(hash);
    if (!blob.ok) return blob;
    parts.push(blob.value);
  }
  return ok(concatBytes(parts));
}
