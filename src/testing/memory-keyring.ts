import { open, seal } from '../base/aead.ts';
import { fromBase64, toBase64, utf8 } from '../base/bytes.ts';
import { err, ok } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { Keyring } from '../ports/keyring.ts';

/** A keyring over a given key of 32 bytes, for tests of what stands on a keyring. */
export function memoryKeyring(key: Uint8Array, keyId = 'test'): Keyring {
  const context = utf8(keyId);
  return {
    keyId,
    wrap: (dataKey) => Promise.resolve({ keyId, wrapped: toBase64(seal(key, dataKey, context)) }),
    unwrap: ({ wrapped }) => {
      const plain = open(key, fromBase64(wrapped), context);
      if (plain !== undefined) return Promise.resolve(ok(plain));
      return Promise.resolve(err(lgError('LG_KEY_WRONG', `key ${keyId} does not open it`)));
    },
  };
}
