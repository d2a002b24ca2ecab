import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { newDataKey, open, seal } from '../../../base/aead.ts';
import { fromBase64, toBase64, utf8 } from '../../../base/bytes.ts';
import { messageOf, systemCode } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { realDisk, type Disk } from '../../../base/disk.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Keyring, WrappedKey } from '../../../ports/keyring.ts';
import { keyFileOf, parseKeyFile, printKeyFile, type KeyFile } from './key-file.ts';

/** A key file is about 90 bytes; anything much larger is another file. */
const FILE_BYTES_MAX = 4096;

/** A keyring whose wrapping key lies in a file; the key stays within the object. */
export class FileKeyring implements Keyring {
  /** Tells keys apart without telling the key. */
  readonly keyId: string;
  readonly #key: Uint8Array;

  constructor(file: KeyFile) {
    this.keyId = file.id;
    this.#key = file.key;
  }

  wrap(dataKey: Uint8Array): Promise<WrappedKey> {
    const wrapped = toBase64(seal(this.#key, dataKey, contextOf(this.keyId)));
    return Promise.resolve({ keyId: this.keyId, wrapped });
  }

  unwrap({ keyId, wrapped }: WrappedKey): Promise<Result<Uint8Array>> {
    if (keyId !== this.keyId) {
      const detail = `the data was locked with key ${keyId}, the key file holds ${this.keyId}`;
      return Promise.resolve(err(lgError('LG_KEY_WRONG', detail)));
    }
    const plain = open(this.#key, fromBase64(wrapped), contextOf(keyId));
    if (plain !== undefined) return Promise.resolve(ok(plain));
    const detail = `a data key locked with key ${keyId} was altered`;
    return Promise.resolve(err(lgError('LG_KEY_WRONG', detail)));
  }
}

/**
 * Makes a key file with a new random key, private to its owner, durable before it answers. It is
 * written beside and then linked into place, so a crash leaves either no key file or a whole one,
 * and an existing file is never replaced (LG_KEY_EXISTS).
 */
export async function createKeyFile(path: string): Promise<Result<FileKeyring>> {
  const key = keyFileOf(newDataKey());
  const written = await writeKeyFile(path, key, realDisk);
  return written.ok ? ok(new FileKeyring(key)) : written;
}

/** Copies a key file to a place where there is none yet; fails as opening and creating do. */
export async function copyKeyFile(from: string, to: string): Promise<Result<void>> {
  const key = await readKeyFile(from);
  return key.ok ? writeKeyFile(to, key.value, realDisk) : key;
}

/**
 * Opens the key of a file. LG_KEY_MISSING when there is none, LG_KEY_DAMAGED when it is no key,
 * LG_KEY_EXPOSED when group or others may read it.
 */
export async function openKeyFile(path: string): Promise<Result<FileKeyring>> {
  const key = await readKeyFile(path);
  return key.ok ? ok(new FileKeyring(key.value)) : key;
}

async function readKeyFile(path: string): Promise<Result<KeyFile>> {
  let bytes: Uint8Array;
  try {
    const handle = await fs.open(path, 'r');
    try {
      const facts = await handle.stat();
      if ((facts.mode & 0o077) !== 0) {
        const mode = (facts.mode & 0o777).toString(8).padStart(4, '0');
        return err(lgError('LG_KEY_EXPOSED', `${path} has mode ${mode}, it must be 0600`));
      }
      if (!facts.isFile() || facts.size > FILE_BYTES_MAX) {
        return err(lgError('LG_KEY_DAMAGED', `${path} is not a file of a few lines`));
      }
      bytes = await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    return err(lgError('LG_KEY_MISSING', `${path} cannot be read: ${messageOf(cause)}`, cause));
  }
  const parsed = parseKeyFile(bytes);
  if ('wrong' in parsed) return err(lgError('LG_KEY_DAMAGED', `${path}: ${parsed.wrong}`));
  return ok(parsed);
}

async function writeKeyFile(path: string, key: KeyFile, disk: Disk): Promise<Result<void>> {
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await disk.open(beside, 'create');
    try {
      await file.write(utf8(printKeyFile(key)), 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.link(beside, path);
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') return err(lgError('LG_KEY_EXISTS', `${path} exists`));
    const detail = `${path} cannot be written: ${messageOf(cause)}`;
    return err(lgError('LG_RUNTIME_DATA_UNUSABLE', detail, cause));
  } finally {
    await disk.remove(beside).catch(() => undefined);
  }
  await disk.syncFolder(dirname(path));
  return ok(undefined);
}

function contextOf(keyId: string): Uint8Array {
  return utf8(`lastgood data key 1 ${keyId}`);
}
