import { createHmac } from 'node:crypto';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Disk } from '../base/disk.ts';
import type { LastgoodError } from '../base/error.ts';
import { equalDigests } from '../base/hash.ts';
import type { Result } from '../base/result.ts';
import type { BlobHash, StateImage } from '../model/checkpoint/capture.ts';
import type { StateSpec } from '../model/component/component.ts';
import { lgError } from '../model/errors/lg-error.ts';
import {
  readMark,
  storeImage,
  type GetBlob,
  type PutBlob,
  type StoredImage,
} from '../model/checkpoint/image-blob.ts';
import type { Keyring } from '../ports/keyring.ts';
import { BLOB_BYTES_MAX } from '../ports/vault.ts';
import { openOwnKey } from './own-key.ts';

/**
 * How a host runner with more rights than its callers knows what it captured itself. Checkpoints
 * are kept by the core, which may have been taken over: without a mark it could have any owner,
 * mode and content put in place as root. The mark lies within the image's own blob, so nobody who
 * carries the image's address about needs to know of it.
 */
export interface ImageMarks {
  /** Stores a captured image with our mark. */
  store(state: StateSpec, image: StateImage, put: PutBlob): Promise<Result<StoredImage>>;
  /**
   * Why an image must not be applied: LG_PROVIDER_IMAGE_UNKNOWN when this runner did not capture
   * it of this very state. `get` must hold every blob to its address, or the mark means nothing.
   */
  refuse(state: StateSpec, image: BlobHash, get: GetBlob): Promise<LastgoodError | undefined>;
}

/** What a runner is asked to do about marks. */
export interface MarkSetting {
  readonly disk: Disk;
  readonly folder: string;
  readonly keyring: Keyring;
  /** Present: it has more rights than its callers. */
  readonly refuse?: unknown;
  /** What it captures is marked, although it applies what bears no mark. */
  readonly isMarking?: boolean;
}

/**
 * The marks of a runner. One with more rights than its callers applies nothing without them; root
 * without a core applies what root says, and marks what it captures, so that the host runner of the
 * same folder may put it back later.
 */
export async function marksOf(setting: MarkSetting): Promise<ImageMarks | undefined> {
  const { disk, folder, keyring, refuse, isMarking = false } = setting;
  if (refuse === undefined && !isMarking) return undefined;
  const marks = await openImageMarks(disk, folder, keyring);
  return refuse === undefined ? { ...marks, refuse: async () => undefined } : marks;
}

/** Opens the marks with the key in a runner's folder, which only the runner may enter. */
async function openImageMarks(disk: Disk, folder: string, keyring: Keyring): Promise<ImageMarks> {
  const key = await openOwnKey(disk, folder, 'mark-key.json', keyring);
  const markOf = ({ id, component, provider }: StateSpec, parts: readonly BlobHash[]): string => {
    const text = canonicalJson({ form: 'lastgood image 1', id, component, provider, parts });
    return createHmac('sha256', key).update(text).digest('hex');
  };
  return {
    store: (state, image, put) =>
      storeImage(image, put, BLOB_BYTES_MAX, (parts) => markOf(state, parts)),
    async refuse(state, image, get) {
      const found = await readMark(image, get);
      if (!found.ok) return found.error;
      const isOurs =
        found.value !== undefined &&
        equalDigests(found.value.mark, markOf(state, found.value.parts));
      if (isOurs) return undefined;
      const what = `${state.id}: image ${image} was not captured of it by this host runner`;
      return lgError('LG_PROVIDER_IMAGE_UNKNOWN', what);
    },
  };
}
