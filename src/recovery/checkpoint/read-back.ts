import { ok, type Result } from '../../base/result.ts';
import type { BlobHash } from '../../model/checkpoint/capture.ts';
import type { CheckpointManifest } from '../../model/checkpoint/checkpoint.ts';
import { imageBlobs, loadImage } from '../../model/checkpoint/image-blob.ts';
import type { Vault } from '../../ports/vault.ts';

/** What reading every byte of a checkpoint found. */
export interface ReadBack {
  readonly blobs: number;
  readonly bytes: number;
  /** What is damaged; [] when everything is there. */
  readonly problems: readonly string[];
}

/**
 * Reads, decrypts and verifies every blob of a checkpoint that is not in `verified`, and adds to it
 * what was sound. Give an empty set to have everything read.
 */
export async function readBack(
  manifest: CheckpointManifest,
  vault: Pick<Vault, 'get'>,
  verified: Set<BlobHash>,
): Promise<ReadBack> {
  const problems: string[] = [];
  let blobs = 0;
  let bytes = 0;
  const get = (hash: BlobHash): Promise<Result<Uint8Array>> => vault.get(hash);
  for (const capture of manifest.captures) {
    const image = await loadImage(capture.image, get);
    if (!image.ok) {
      problems.push(`${capture.state}: ${image.error.detail}`);
      continue;
    }
    if (capture.compareOnly) continue;
    for (const item of image.value.items) {
      for (const hash of item.content ?? []) {
        if (verified.has(hash)) continue;
        const read = await get(hash);
        if (!read.ok) {
          problems.push(`${capture.state} ${item.path}: ${read.error.detail}`);
          continue;
        }
        verified.add(hash);
        blobs += 1;
        bytes += read.value.length;
      }
    }
  }
  return { blobs, bytes, problems };
}

/** Every blob a checkpoint needs, for `Vault.prune`. */
export async function blobsOf(
  manifest: CheckpointManifest,
  vault: Pick<Vault, 'get'>,
): Promise<Result<ReadonlySet<BlobHash>>> {
  const get = (hash: BlobHash): Promise<Result<Uint8Array>> => vault.get(hash);
  const needed = new Set<BlobHash>();
  for (const capture of manifest.captures) {
    const parts = await imageBlobs(capture.image, get);
    if (!parts.ok) return parts;
    const image = await loadImage(capture.image, get);
    if (!image.ok) return image;
    for (const hash of parts.value) needed.add(hash);
    for (const item of image.value.items) for (const hash of item.content ?? []) needed.add(hash);
  }
  return ok(needed);
}
