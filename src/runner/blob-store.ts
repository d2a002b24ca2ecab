import { ok, type Result } from '../base/result.ts';
import type { BlobHash } from '../model/checkpoint/capture.ts';
import type { Vault } from '../ports/vault.ts';

/** Where a host's contents go to and come from; a vault is one. */
export interface BlobStore {
  put(bytes: Uint8Array): Promise<Result<BlobHash>>;
  get(hash: BlobHash): Promise<Result<Uint8Array>>;
  /** Which of the hashes are not there. */
  missing(hashes: readonly BlobHash[]): Promise<Result<ReadonlySet<BlobHash>>>;
}

/** A vault of the same process as a host's blob store. */
export function vaultBlobs(vault: Pick<Vault, 'put' | 'get' | 'has'>): BlobStore {
  return {
    put: (bytes) => vault.put(bytes),
    get: (hash) => vault.get(hash),
    missing: async (hashes) => ok(new Set(hashes.filter((hash) => !vault.has(hash)))),
  };
}
