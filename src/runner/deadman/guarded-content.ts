import { canonicalJson } from '../../base/canonical-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { BlobHash, StateImage } from '../../model/checkpoint/capture.ts';
import { imageBlobs, loadImage } from '../../model/checkpoint/image-blob.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { GuardedState } from './run-folder.ts';

/** Where the contents of a state come from while the daemon lives. */
export interface BlobSource {
  getBlob(hash: BlobHash): Promise<Result<Uint8Array>>;
}

/**
 * A dead-man has its contents twice on the disk, written before the run may begin: more than this
 * does not fit into the minute that arming may take. A run with more is refused, not left alone.
 */
const GUARDED_BYTES_MAX = 2 * 1024 ** 3;

/**
 * The blobs a dead-man needs to put a state back without the daemon's vault: both images, and the
 * contents of what differs between them. Everything else the run does not touch.
 */
export async function replaceableBlobs(
  { state, before, wanted }: GuardedState,
  blobs: BlobSource,
): Promise<Result<ReadonlySet<BlobHash>>> {
  const get = (hash: BlobHash): Promise<Result<Uint8Array>> => blobs.getBlob(hash);
  const needed = new Set<BlobHash>();
  const images: StateImage[] = [];
  for (const hash of [before, wanted]) {
    const parts = await imageBlobs(hash, get);
    if (!parts.ok) return parts;
    parts.value.forEach((part) => needed.add(part));
    const image = await loadImage(hash, get);
    if (!image.ok) return image;
    images.push(image.value);
  }
  const [from, to] = images;
  const same = new Set((to?.items ?? []).map((item) => canonicalJson({ ...item })));
  const changed = (from?.items ?? []).filter((item) => !same.has(canonicalJson({ ...item })));
  const bytes = changed.reduce((sum, { size }) => sum + (size ?? 0), 0);
  if (bytes > GUARDED_BYTES_MAX) {
    const what = `${state.id}: ${bytes} bytes differ, and a dead-man holds ${GUARDED_BYTES_MAX}`;
    return err(lgError('LG_PROVIDER_TOO_LARGE', what));
  }
  for (const { content } of changed) content?.forEach((hash) => needed.add(hash));
  return ok(needed);
}
