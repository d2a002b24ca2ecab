import { fromBase64, fromUtf8Strict, toBase64 } from '../../../base/bytes.ts';
import { sha256 } from '../../../base/hash.ts';

/** The bytes of a wrapping key: AES-256. */
const KEY_BYTES = 32;

/**
 * A key file is three lines of text: the format and its version, the id and the key in base64.
 *
 *     lastgood-key 1
 *     id 5f3c…16 hexadecimal digits
 *     key 44 characters of base64
 *
 * The id is the beginning of the key's SHA-256, so it also tells a damaged file from a whole one.
 */
export interface KeyFile {
  readonly id: string;
  readonly key: Uint8Array;
}

/** The key with the id that belongs to it. */
export function keyFileOf(key: Uint8Array): KeyFile {
  return { id: sha256(key).slice(0, 16), key };
}

/** The text of a key file. */
export function printKeyFile(file: KeyFile): string {
  return `lastgood-key 1\nid ${file.id}\nkey ${toBase64(file.key)}\n`;
}

/** The key of a key file's bytes, or what is wrong with them; never quotes the content. */
export function parseKeyFile(bytes: Uint8Array): KeyFile | { readonly wrong: string } {
  const text = fromUtf8Strict(bytes);
  if (text === undefined || text === '') return { wrong: 'it is empty or no text' };
  const [format, id, key] = text.split('\n');
  const version = /^lastgood-key (\d{1,4})$/.exec(format?.trim() ?? '')?.[1];
  if (version === undefined) return { wrong: 'its first line is not "lastgood-key 1"' };
  if (version !== '1') return { wrong: `it has version ${version}, this is version 1` };
  const encoded = /^key ([A-Za-z0-9+/]{43}=)$/.exec(key?.trim() ?? '')?.[1];
  if (encoded === undefined) return { wrong: 'its third line is not "key" and 44 characters' };
  const found = keyFileOf(fromBase64(encoded));
  if (found.key.length !== KEY_BYTES) return { wrong: `the key has ${found.key.length} bytes` };
  if (id?.trim() !== `id ${found.id}`) return { wrong: 'the key does not belong to its id' };
  return found;
}
