import { hash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of bytes or of a text's UTF-8, as 64 lower-case hexadecimal digits. */
export function sha256(content: Uint8Array | string): string {
  return hash('sha256', content, 'hex');
}

/** Compares two secrets' digests in constant time, so that timing tells nothing. */
export function equalDigests(a: string, b: string): boolean {
  const left = Buffer.from(a, 'utf8');
  const right = Buffer.from(b, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}
