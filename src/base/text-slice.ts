import { isAscii } from 'node:buffer';
import { fromUtf8Strict } from './bytes.ts';

/** Bytes of which any part can be made a text without a view of that part first. */
export type SliceableBytes = Buffer;

/** The same memory, sliceable. */
export function sliceable(bytes: Uint8Array): SliceableBytes {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** New memory, sliceable, its content undefined. */
export function sliceableBytes(length: number): SliceableBytes {
  return Buffer.allocUnsafeSlow(length);
}

/** The UTF-8 text from `start` to before `end`; malformed sequences become U+FFFD. */
export function utf8Slice(bytes: SliceableBytes, start: number, end: number): string {
  return bytes.toString('utf8', start, end);
}

/** One character for each byte from `start` to before `end`: right for ASCII, and quick. */
export function latin1Slice(bytes: SliceableBytes, start: number, end: number): string {
  return bytes.toString('latin1', start, end);
}

/**
 * The text of bytes that should be UTF-8 but need not be: where they are none, each byte becomes
 * one character (Latin-1), so that nothing is lost.
 */
export function looseText(bytes: Uint8Array): string {
  return fromUtf8Strict(bytes) ?? latin1Slice(sliceable(bytes), 0, bytes.length);
}

/** `looseText` of the bytes from `start` to before `end`, quick where they are ASCII. */
export function looseSlice(bytes: SliceableBytes, start: number, end: number): string {
  const part = bytes.subarray(start, end);
  return isAscii(part) ? latin1Slice(bytes, start, end) : looseText(part);
}
