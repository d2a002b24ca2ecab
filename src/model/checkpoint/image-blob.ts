import { concatBytes, fromUtf8Strict, utf8 } from '../../base/bytes.ts';
import { canonicalJson, type Json } from '../../base/canonical-json.ts';
import { sha256 } from '../../base/hash.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { parseJson } from '../../base/parse-json.ts';
import {
  fingerprintOf,
  imageText,
  stateImage,
  type BlobHash,
  type StateImage,
  type StateItem,
} from './capture.ts';
import { lgError } from '../errors/lg-error.ts';

/** Stores one blob; a vault's `put`. */
export type PutBlob = (bytes: Uint8Array) => Promise<Result<BlobHash>>;

/** Reads one blob; a vault's `get`. */
export type GetBlob = (hash: BlobHash) => Promise<Result<Uint8Array>>;

/** A stored image: where it is and what it is. */
export interface StoredImage {
  readonly image: BlobHash;
  /** `fingerprintOf` the image. */
  readonly fingerprint: string;
}

/**
 * Stores a state image as canonical JSON and answers where. Up to `blobBytesMax` the blob
 * is the array of items; a larger image is cut into parts
 * and the blob is `{"parts":[hash,…]}`. With a `mark` it always is, and `{"mark":…}` beside it.
 */
export async function storeImage(
  image: StateImage,
  put: PutBlob,
  blobBytesMax: number,
  mark?: (parts: readonly BlobHash[]) => string,
): Promise<Result<StoredImage>> {
  const whole = utf8(imageText(image));
  // Without a secret the text is what the fingerprint is taken of: ten thousand items count.
  const hasSecret = image.items.some(({ secret }) => secret === true);
  const fingerprint = hasSecret ? fingerprintOf(image) : undefined;
  if (mark === undefined && whole.length <= blobBytesMax) {
    const stored = await put(whole);
    if (!stored.ok) return stored;
    return ok({ image: stored.value, fingerprint: fingerprint ?? stored.value });
  }
  const parts: BlobHash[] = [];
  for (let at = 0; at < whole.length; at += blobBytesMax) {
    const stored = await put(whole.slice(at, at + blobBytesMax));
    if (!stored.ok) return stored;
    parts.push(stored.value);
  }
  const list = await put(
    utf8(canonicalJson(mark === undefined ? { parts } : { mark: mark(parts), parts })),
  );
  return list.ok ? ok({ image: list.value, fingerprint: fingerprint ?? sha256(whole) }) : list;
}

/** Every blob that holds a part of an image's own text: what retention keeps besides content. */
export async function imageBlobs(
  hash: BlobHash,
  get: GetBlob,
): Promise<Result<readonly BlobHash[]>> {
  const read = await readJson(hash, get);
  if (!read.ok) return read;
  return ok([hash, ...(partsOf(read.value) ?? [])]);
}

/** The mark of an image with the parts it is for; undefined for an image without one. */
export async function readMark(
  hash: BlobHash,
  get: GetBlob,
): Promise<Result<{ readonly mark: string; readonly parts: readonly BlobHash[] } | undefined>> {
  const read = await readJson(hash, get);
  if (!read.ok) return read;
  const parts = partsOf(read.value);
  const { mark } = { mark: undefined, ...Object(read.value) };
  return ok(parts === undefined || typeof mark !== 'string' ? undefined : { mark, parts });
}

/** Reads an image back. LG_CHECKPOINT_DAMAGED when a part is missing or does not have the form. */
export async function loadImage(hash: BlobHash, get: GetBlob): Promise<Result<StateImage>> {
  const first = await readJson(hash, get);
  if (!first.ok) return first;
  const parts = partsOf(first.value);
  if (parts === undefined) return decodeImage(first.value, hash);
  const texts: Uint8Array[] = [];
  for (const part of parts) {
    const bytes = await get(part);
    if (!bytes.ok) return bytes;
    texts.push(bytes.value);
  }
  const whole = jsonOf(concatBytes(texts));
  return whole === undefined ? damaged(hash) : decodeImage(whole, hash);
}

async function readJson(hash: BlobHash, get: GetBlob): Promise<Result<Json>> {
  const bytes = await get(hash);
  if (!bytes.ok) return bytes;
  const value = jsonOf(bytes.value);
  return value === undefined ? damaged(hash) : ok(value);
}

function jsonOf(bytes: Uint8Array): Json | undefined {
  const text = fromUtf8Strict(bytes);
  return text === undefined ? undefined : parseJson(text);
}

function partsOf(value: Json): readonly BlobHash[] | undefined {
  if (value === null || typeof value !== 'object' || !('parts' in value)) return undefined;
  const parts: unknown = value['parts'];
  return Array.isArray(parts) ? parts.filter(isBlobHash) : undefined;
}

function decodeImage(value: Json, hash: BlobHash): Result<StateImage> {
  if (!Array.isArray(value)) return damaged(hash);
  const items: StateItem[] = [];
  for (const entry of value) {
    if (!isStateItem(entry)) return damaged(hash);
    items.push(entry);
  }
  return ok(stateImage(items));
}

function damaged(hash: BlobHash): Result<never> {
  return err(lgError('LG_CHECKPOINT_DAMAGED', `blob ${hash} is no state image`));
}

/** Whether a value is a blob's hash. */
export function isBlobHash(value: unknown): value is BlobHash {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

/** Whether a decoded value has the form of a state item; unknown members fail it. */
export function isStateItem(value: unknown): value is StateItem {
  if (typeof value !== 'object' || value === null) return false;
  const { path, attributes, content, size, secret, ...rest } = { ...EMPTY, ...value };
  return (
    typeof path === 'string' &&
    typeof attributes === 'object' &&
    attributes !== null &&
    !Array.isArray(attributes) &&
    (content === undefined || (Array.isArray(content) && content.every(isBlobHash))) &&
    (size === undefined || (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0)) &&
    (secret === undefined || secret === true) &&
    Object.keys(rest).length === 0
  );
}

/** Names the members an item may have, for the destructuring above. */
const EMPTY: Readonly<Record<keyof StateItem, unknown>> = {
  path: undefined,
  attributes: undefined,
  content: undefined,
  size: undefined,
  secret: undefined,
};
