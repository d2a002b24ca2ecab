import type { Result } from '../base/result.ts';
import type { BlobHash } from '../model/checkpoint/capture.ts';

/** The largest blob: whole in memory several times over while captured and restored. */
export const BLOB_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Content-addressed, encrypted bytes with deduplication. A put blob is readable at once by this
 * process but durable only after `flush`, so that ten thousand small files cost few fsyncs.
 */
export interface Vault {
  /** Stores bytes (at most BLOB_BYTES_MAX); storing the same bytes again costs nothing. */
  put(bytes: Uint8Array): Promise<Result<BlobHash>>;
  /** Makes everything put so far survive power loss. */
  flush(): Promise<Result<void>>;
  has(hash: BlobHash): boolean;
  /**
   * The bytes, decrypted and compared with their hash, in memory of the caller's own;
   * LG_CHECKPOINT_DAMAGED otherwise.
   */
  get(hash: BlobHash): Promise<Result<Uint8Array>>;
  /** Removes all blobs that are not kept; answers the freed bytes. Must not race with `put`. */
  prune(keep: ReadonlySet<BlobHash>): Promise<Result<number>>;
  /** Stored bytes on disk and number of blobs. */
  size(): { readonly blobs: number; readonly bytes: number };
  close(): Promise<void>;
}
