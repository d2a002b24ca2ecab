import { sha256 } from '../../../base/hash.ts';
import { parseJsonObject } from '../../../base/parse-json.ts';

/** A hash of a few bytes of a file, and how many. */
export interface Mark {
  readonly length: number;
  readonly hash: string;
}

/** Where the source stands in one file. */
export interface FilePosition {
  /** Where it was seen last; it may be called otherwise now. */
  readonly path: string;
  readonly identity: string;
  /** Of the first bytes: tells a file from another one that got its inode. */
  readonly head: Mark;
  /** Everything before is durable. */
  readonly offset: number;
  /** Of the last bytes before the offset: tells that a file was cut and written anew. */
  readonly tail: Mark;
  /** The offset lies within an overlong line whose rest is passed over. */
  readonly isSkipping: boolean;
}

/** Bytes a head mark covers at most: enough to tell logs apart, as the OTel Collector does. */
export const HEAD_BYTES = 1024;

/** Bytes a tail mark covers at most: a line or two. */
export const TAIL_BYTES = 256;

/** The mark of nothing. */
export const EMPTY_MARK: Mark = { length: 0, hash: '' };

/** The mark of bytes; 64 bits of SHA-256, because marks are compared, not trusted. */
export function markOf(bytes: Uint8Array): Mark {
  return bytes.length === 0
    ? EMPTY_MARK
    : { length: bytes.length, hash: sha256(bytes).slice(0, 16) };
}

/** Whether the mark is one of exactly these bytes. */
export function marks(mark: Mark, bytes: Uint8Array): boolean {
  return mark.length === bytes.length && markOf(bytes).hash === mark.hash;
}

/** The positions of all files of a source as one compact text, stored with each batch. */
export function encodePositions(positions: readonly FilePosition[]): string {
  const rows = positions.map((at) => [
    at.path,
    at.identity,
    at.head.length,
    at.head.hash,
    at.offset,
    at.tail.length,
    at.tail.hash,
    at.isSkipping ? 1 : 0,
  ]);
  return JSON.stringify({ version: 1, files: rows });
}

/** The positions of a text; [] for none and for a text of another version. */
export function decodePositions(text: string | undefined): readonly FilePosition[] {
  const { version, files } = (text === undefined ? undefined : parseJsonObject(text)) ?? {};
  if (version !== 1 || !Array.isArray(files)) return [];
  return files.flatMap((row) => {
    const position = decodeRow(row);
    return position === undefined ? [] : [position];
  });
}

function decodeRow(row: unknown): FilePosition | undefined {
  if (!Array.isArray(row)) return undefined;
  const members: readonly unknown[] = row;
  const [path, identity, headLength, headHash, offset, tailLength, tailHash, skipping] = members;
  if (typeof path !== 'string' || typeof identity !== 'string') return undefined;
  if (typeof headLength !== 'number' || typeof headHash !== 'string') return undefined;
  if (typeof tailLength !== 'number' || typeof tailHash !== 'string') return undefined;
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) return undefined;
  return {
    path,
    identity,
    head: { length: headLength, hash: headHash },
    offset,
    tail: { length: tailLength, hash: tailHash },
    isSkipping: skipping === 1,
  };
}
