import type { Result } from '../base/result.ts';

/** A data key encrypted by the keyring, to be stored beside what it encrypts. Base64. */
export interface WrappedKey {
  /** Names the key that wraps it, so that rotation can tell them apart. */
  readonly keyId: string;
  readonly wrapped: string;
}

/**
 * Wraps data keys (32 bytes, AES-256). Every store draws its own data keys, encrypts with them and
 * keeps them wrapped in its headers; the wrapping key itself never leaves the keyring.
 */
export interface Keyring {
  /** Tells keys apart without telling the key. */
  readonly keyId: string;
  wrap(dataKey: Uint8Array): Promise<WrappedKey>;
  /** LG_KEY_WRONG when another key wrapped it or it was altered. */
  unwrap(key: WrappedKey): Promise<Result<Uint8Array>>;
}
