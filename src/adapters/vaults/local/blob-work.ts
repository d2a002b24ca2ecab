import type { SealKey } from '../../../base/aead.ts';
import { giveBackBytes } from '../../../base/give-back-bytes.ts';
import { addressOf, packPayload, unpackPayload, type Packed } from './blob-payload.ts';
import { isCompressed, openRecord, type PackEntry } from './pack-format.ts';

/** The heavy work on one blob. It needs nothing but what is named, so any thread can do it. */
export type BlobWork = { readonly kind: 'pack'; readonly blob: Uint8Array } | SealedBlob;

/** A blob as it lies in a pack, with what opens it. */
export interface SealedBlob {
  readonly kind: 'open';
  readonly key: SealKey;
  readonly pack: string;
  readonly entry: PackEntry;
  readonly sealed: Uint8Array;
}

/** What a piece of work gives: what to store, or the blob, or nothing when it was altered. */
export type BlobDone = ({ readonly kind: 'packed' } & Packed) | OpenedBlob;

/** A blob, or nothing when any byte of what lies in its pack was altered. */
export interface OpenedBlob {
  readonly kind: 'opened';
  readonly blob: Uint8Array | undefined;
}

/** Does a piece of work here and now. */
export function workOn(work: BlobWork): BlobDone {
  if (work.kind === 'pack') return { kind: 'packed', ...packPayload(work.blob) };
  return { kind: 'opened', blob: openBlob(work) };
}

/**
 * The blob of a record, compared with its address; undefined when any byte was altered. Takes the
 * sealed bytes over.
 */
export function openBlob({ key, pack, entry, sealed }: SealedBlob): Uint8Array | undefined {
  const { hash, offset, word, plainBytes } = entry;
  const payload = openRecord(key, pack, offset, word, sealed);
  giveBackBytes(sealed);
  if (payload === undefined) return undefined;
  const blob = unpackPayload(payload, isCompressed(word), plainBytes);
  if (blob !== payload) giveBackBytes(payload);
  return blob !== undefined && addressOf(blob) === hash ? blob : undefined;
}
