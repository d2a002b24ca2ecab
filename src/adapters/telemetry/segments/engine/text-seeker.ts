import { utf8 } from '../../../../base/bytes.ts';

/** Texts that lie together in memory, ready to be searched whatever the letter case. */
export interface LoweredTexts {
  /** Their letters of ASCII are lower case; all else is as it was. */
  readonly bytes: Buffer;
  /** Whether letters stand in them whose lower case is ASCII although they are not. */
  readonly mayDeceive: boolean;
}

/** The Kelvin sign (U+212A) lowers to `k`, the I with a dot (U+0130) to `i`; no others do so. */
const DECEIVING = [Buffer.from('\u212A'), Buffer.from('\u0130')];

/** Lowers the letters of texts in their own memory. */
export function loweredTexts(bytes: Buffer): LoweredTexts {
  const mayDeceive = DECEIVING.some((letter) => bytes.includes(letter));
  lowerInPlace(bytes);
  return { bytes, mayDeceive };
}

/**
 * Says whether texts may hold a text. "No" is certain; "yes" may be wrong: what is found may go
 * over the border of two texts.
 */
export type TextSeeker = (texts: LoweredTexts) => boolean;

/**
 * Seeks in many texts at once, which is several times as fast as asking each of them. Undefined
 * for a text with letters outside of ASCII, whose lower case is not a matter of bytes.
 */
export function textSeeker(text: string): TextSeeker | undefined {
  const wanted = Buffer.from(utf8(text.toLowerCase()));
  if (!isAscii(utf8(text))) return undefined;
  return ({ bytes, mayDeceive }) => mayDeceive || bytes.includes(wanted);
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

/** Lowers four bytes at once: in each of them bit 7 of the sums says where its letter lies. */
function lowerInPlace(texts: Buffer): void {
  const { buffer, byteOffset, length } = texts;
  const head = -byteOffset & 3;
  if (length < head) {
    lowerBytes(texts, 0, length);
    return;
  }
  const words = new Int32Array(buffer, byteOffset + head, (length - head) >> 2);
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? 0;
    const low = word & 0x7f7f7f7f;
    const isUpper = (low + 0x3f3f3f3f) & ~(low + 0x25252525) & ~word & 0x80808080;
    words[i] = word | (isUpper >>> 2);
  }
  lowerBytes(texts, 0, head);
  lowerBytes(texts, head + 4 * words.length, length);
}

function lowerBytes(texts: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const byte = texts[at] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) texts[at] = byte + 0x20;
  }
}
