import { fromUtf8Strict, utf8 } from '../../base/bytes.ts';

/**
 * File names are bytes; items are named by text. Valid UTF-8 stays as it is; a backslash is
 * written `\\`, and control characters and bytes that are no UTF-8 are written `\xHH`, so that
 * every name has exactly one text, can be printed, and is found again.
 */
export function pathText(bytes: Uint8Array): string {
  const text = fromUtf8Strict(bytes);
  if (text !== undefined) return escapeText(text);
  let out = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    const part = fromUtf8Strict(bytes.subarray(at, at + length));
    out += part === undefined ? hex(bytes[at] ?? 0) : escapeText(part);
    at += part === undefined ? 1 : length;
  }
  return out;
}

/** The path text of a name that Node gave as a string without loss. */
export function escapeText(text: string): string {
  return /[\\\p{Cc}]/u.test(text)
    ? text.replaceAll(/[\\\p{Cc}]/gu, (char) =>
        char === '\\' ? '\\\\' : [...utf8(char)].map(hex).join(''),
      )
    : text;
}

/** The bytes a path text stands for; a plain text when nothing in it is escaped. */
export function pathBytes(text: string): string | Uint8Array {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  for (const [token] of text.matchAll(/\\x[0-9a-f]{2}|\\\\|[^\\]+|\\/g)) {
    if (token.startsWith('\\x')) bytes.push(Number.parseInt(token.slice(2), 16));
    else if (token === '\\\\') bytes.push(0x5c);
    else bytes.push(...utf8(token));
  }
  return Uint8Array.from(bytes);
}

/** The last part of a path text. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Everything before the last part; `/` for what lies in the root. */
export function folderName(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? '/' : path.slice(0, at);
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
