import { createHmac } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { newDataKey } from '../base/aead.ts';
import { utf8 } from '../base/bytes.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import { realDisk } from '../base/disk.ts';
import { messageOf, systemCode } from '../base/error.ts';
import { equalDigests } from '../base/hash.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { Keyring, WrappedKey } from '../ports/keyring.ts';
import { isPartPath, type BackupPart } from './backup-part.ts';

/** The manifest's name within a backup. It is written last: without it a backup is unfinished. */
export const MANIFEST_NAME = 'manifest.json';

/** One file of a backup. */
export interface BackupFile {
  readonly path: string;
  readonly kind: BackupPart['kind'];
  readonly bytes: number;
  /** SHA-256 of the file as it lies in the backup. */
  readonly sha256: string;
}

/**
 * What a backup holds. The file is this as canonical JSON on one line and, on the next, its
 * HMAC-SHA256 (RFC 2104) under a key that only the data directory's own key unwraps: whoever alters
 * a backup would need that key.
 */
export interface BackupManifest {
  readonly format: 1;
  readonly createdAt: string;
  readonly version: string;
  readonly authKey: WrappedKey;
  /** In the order of their paths. */
  readonly files: readonly BackupFile[];
}

/** Writes the manifest durably and in one step. */
export async function writeManifest(
  directory: string,
  keyring: Keyring,
  facts: Omit<BackupManifest, 'format' | 'authKey'>,
): Promise<void> {
  const key = newDataKey();
  const manifest: BackupManifest = { format: 1, authKey: await keyring.wrap(key), ...facts };
  const text = canonicalJson(manifest);
  const beside = join(directory, `${MANIFEST_NAME}.next`);
  const file = await realDisk.open(beside, 'create');
  try {
    await file.write(utf8(`${text}\n${hmac(key, text)}\n`), 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await realDisk.rename(beside, join(directory, MANIFEST_NAME));
  await realDisk.syncFolder(directory);
}

/** Reads and authenticates the manifest: LG_RUNTIME_BACKUP_DAMAGED or LG_KEY_WRONG. */
export async function readManifest(
  directory: string,
  keyring: Keyring,
): Promise<Result<BackupManifest>> {
  const path = join(directory, MANIFEST_NAME);
  let content: string;
  try {
    content = await fs.readFile(path, 'utf8');
  } catch (cause) {
    const seen = systemCode(cause) === 'ENOENT' ? 'is missing' : messageOf(cause);
    return err(lgError('LG_RUNTIME_BACKUP_DAMAGED', `${path}: ${seen}`, cause));
  }
  const [text = '', tag = ''] = content.split('\n');
  const manifest = parseManifest(text);
  if (manifest === undefined) {
    return err(lgError('LG_RUNTIME_BACKUP_DAMAGED', `${path} is no manifest of format 1`));
  }
  const key = await keyring.unwrap(manifest.authKey);
  if (!key.ok) return key;
  if (equalDigests(hmac(key.value, text), tag)) return ok(manifest);
  return err(lgError('LG_RUNTIME_BACKUP_DAMAGED', `${path} was altered`));
}

function hmac(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

/** Only the form: whether it is true is what the HMAC says. */
function parseManifest(text: string): BackupManifest | undefined {
  let value: Partial<BackupManifest>;
  try {
    value = { ...JSON.parse(text) };
  } catch {
    return undefined;
  }
  const { format, createdAt, version, authKey, files } = value;
  if (format !== 1 || typeof createdAt !== 'string' || typeof version !== 'string')
    return undefined;
  if (typeof authKey?.keyId !== 'string' || typeof authKey.wrapped !== 'string') return undefined;
  if (!Array.isArray(files) || !files.every(isBackupFile)) return undefined;
  return { format, createdAt, version, authKey, files };
}

function isBackupFile(value: unknown): value is BackupFile {
  const { path, kind, bytes, sha256 }: Partial<BackupFile> = { ...Object(value) };
  const isKind = ['replaced', 'sqlite', 'immutable', 'log'].includes(String(kind));
  const isPath = typeof path === 'string' && isPartPath(path);
  return isKind && isPath && Number.isSafeInteger(bytes) && /^[0-9a-f]{64}$/.test(String(sha256));
}
