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
