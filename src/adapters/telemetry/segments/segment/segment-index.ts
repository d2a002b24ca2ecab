import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { utf8, fromUtf8 } from '../../../../base/bytes.ts';

/** What is needed to read a segment's Parquet file without decrypting all of it. */
export interface SegmentIndex {
  readonly dictionary: readonly string[];
  /** Rows of each row group. */
  readonly groupRows: readonly number[];
  /** For each column the start and the length of its chunk in each row group, one by one. */
  readonly chunks: Readonly<Record<string, readonly number[]>>;
}

/** A dictionary is bounded by the seal; its JSON is never longer than this. */
const INDEX_BYTES_MAX = 512 * 1024 * 1024;

/** The bytes of an index. */
export function encodeIndex(index: SegmentIndex): Uint8Array {
  return zstdCompressSync(utf8(JSON.stringify(index)));
}

/** The index of authenticated bytes. */
export function decodeIndex(bytes: Uint8Array): SegmentIndex {
  const text = fromUtf8(zstdDecompressSync(bytes, { maxOutputLength: INDEX_BYTES_MAX }));
  return JSON.parse(text) as SegmentIndex;
}
