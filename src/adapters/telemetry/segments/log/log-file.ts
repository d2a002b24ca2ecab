import { newDataKey } from '../../../../base/aead.ts';
import { fromUtf8Strict, utf8 } from '../../../../base/bytes.ts';
import type { Disk, DiskFile } from '../../../../base/disk.ts';
import { sha256 } from '../../../../base/hash.ts';
import type { Keyring, WrappedKey } from '../../../../ports/keyring.ts';

/**
 * A log file begins with its magic, the length of a JSON text and that text: the data key of the
 * file, wrapped by the keyring. The hash of this header is part of every frame's seal.
 */
const LOG_MAGIC = utf8('LGLOG\u0000\u0000\u0001');

/** A wrapped key is some hundred bytes; an external key service may need a few thousand. */
const HEADER_BYTES_MAX = 16 * 1024;

/** What is needed to seal and open the frames of one log file. */
export interface LogKey {
  readonly key: Uint8Array;
  /** Hash of the header: binds frames to their file. */
  readonly fileId: Uint8Array;
  /** Where the first frame begins. */
  readonly start: number;
}

/** A log file that is being written. `end` is where the next frame goes. */
export interface LogFile {
  readonly name: string;
  readonly firstLsn: number;
  readonly file: DiskFile;
  readonly keys: LogKey;
  end: number;
}

/** Sorts by name as by LSN: 2^53 has eleven digits of base 36. */
export function logFileName(firstLsn: number): string {
  return `${firstLsn.toString(36).padStart(11, '0')}.log`;
}

/** The first LSN of a log file's name; undefined for other files. */
export function lsnOfName(name: string): number | undefined {
  const match = /^([0-9a-z]{11})\.log$/.exec(name);
  return match?.[1] === undefined ? undefined : Number.parseInt(match[1], 36);
}

/**
 * Makes a new log file; its header and its name are durable once this answers. A file of that name
 * can only be the leftover of a creation that broke off, without frames: it is replaced.
 */
export async function createLogFile(
  disk: Disk,
  keyring: Keyring,
  folder: string,
  firstLsn: number,
): Promise<LogFile> {
  const key = newDataKey();
  const name = logFileName(firstLsn);
  const header = headerBytes(await keyring.wrap(key));
  await disk.remove(`${folder}/${name}`);
  const file = await disk.open(`${folder}/${name}`, 'create');
  try {
    await file.write(header, 0);
    await file.sync();
    await disk.syncFolder(folder);
  } catch (error) {
    await file.close();
    throw error;
  }
  const keys = { key, fileId: fileIdOf(header), start: header.length };
  return { name, firstLsn, file, keys, end: header.length };
}

/** A header as it was found, or how much of it there is. */
export type HeaderRead =
  | { readonly kind: 'header'; readonly wrapped: WrappedKey; readonly bytes: Uint8Array }
  | { readonly kind: 'torn' }
  | { readonly kind: 'broken' };

/** Reads the header at the beginning of a log file's first bytes. */
export function readHeader(bytes: Uint8Array): HeaderRead {
  if (bytes.length < LOG_MAGIC.length + 4) return { kind: 'torn' };
  // A file whose content never reached the disk may still have its length: all zero.
  if (bytes.every((byte) => byte === 0)) return { kind: 'torn' };
  if (LOG_MAGIC.some((byte, i) => bytes[i] !== byte)) return { kind: 'broken' };
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(LOG_MAGIC.length, true);
  const start = LOG_MAGIC.length + 4 + length;
  if (length > HEADER_BYTES_MAX) return { kind: 'broken' };
  if (bytes.length < start) return { kind: 'torn' };
  const text = fromUtf8Strict(bytes.subarray(LOG_MAGIC.length + 4, start));
  const wrapped = text === undefined ? undefined : parseWrapped(text);
  if (wrapped === undefined) return { kind: 'broken' };
  return { kind: 'header', wrapped, bytes: bytes.subarray(0, start) };
}

/** The hash of a header, as bytes. */
export function fileIdOf(header: Uint8Array): Uint8Array {
  return Buffer.from(sha256(header), 'hex');
}

function headerBytes(wrapped: WrappedKey): Uint8Array {
  const json = utf8(JSON.stringify({ keyId: wrapped.keyId, wrapped: wrapped.wrapped }));
  const bytes = new Uint8Array(LOG_MAGIC.length + 4 + json.length);
  bytes.set(LOG_MAGIC);
  new DataView(bytes.buffer).setUint32(LOG_MAGIC.length, json.length, true);
  bytes.set(json, LOG_MAGIC.length + 4);
  return bytes;
}

/** The wrapped key of a header's JSON; undefined when it is none. */
export function parseWrapped(text: string): WrappedKey | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    if (!('keyId' in value) || typeof value.keyId !== 'string') return undefined;
    if (!('wrapped' in value) || typeof value.wrapped !== 'string') return undefined;
    return { keyId: value.keyId, wrapped: value.wrapped };
  } catch {
    return undefined;
  }
}
