import { newDataKey } from '../base/aead.ts';
import { fromUtf8Strict, utf8 } from '../base/bytes.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Disk } from '../base/disk.ts';
import { unwrap } from '../base/result.ts';
import type { Keyring } from '../ports/keyring.ts';
import { readWhole, replaceFile } from './replace-file.ts';

/**
 * A key of a host runner's own, wrapped in a file of its folder, drawn when there is none yet.
 * LG_KEY_WRONG is thrown when it was wrapped with another key.
 */
export async function openOwnKey(
  disk: Disk,
  folder: string,
  file: string,
  keyring: Keyring,
): Promise<Uint8Array> {
  const bytes = await readWhole(disk, `${folder}/${file}`);
  if (bytes === undefined) {
    const key = newDataKey();
    const wrapped = await keyring.wrap(key);
    await replaceFile(disk, folder, file, utf8(canonicalJson(wrapped)));
    return key;
  }
  const value: unknown = JSON.parse(fromUtf8Strict(bytes) ?? 'null');
  const { keyId, wrapped } = { keyId: '', wrapped: '', ...Object(value) };
  return unwrap(await keyring.unwrap({ keyId: String(keyId), wrapped: String(wrapped) }));
}
