/** A byte of a letter outside of ASCII; no letter or digit has this bit. */
export const FOREIGN_BYTE = 0x80;

/**
 * What a byte is to a token: 0 stands between tokens, 1 `FOREIGN_BYTE` as its name says, any
 * other value is the letter (in lower case) or digit itself.
 */
export const TOKEN_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return FOREIGN_BYTE;
  const char = String.fromCharCode(byte).toLowerCase();
  return /[a-z0-9]/.test(char) ? char.charCodeAt(0) : 0;
});

/** Start and factor of a token's hash (FNV-1a, 32 bits): for each byte `(hash ^ byte) * prime`. */
export const TOKEN_START = 0x811c9dc5;
/** See `TOKEN_START`. */
export const TOKEN_PRIME = 0x01000193;

/**
 * The tokens that every text with `part` in it must have, as hashes: runs of ASCII letters and
 * digits with something else of ASCII on both sides. At the ends of `part` a token may go on, so
 * those are none. Letter case does not matter.
 */
export function innerTokens(part: string): readonly number[] {
  const inner = /(?<=[\0-/:-@[-`{-\x7f])[A-Za-z0-9]+(?=[\0-/:-@[-`{-\x7f])/g;
  return Array.from(part.matchAll(inner), ([token]) => {
    let hash = TOKEN_START;
    for (const char of token.toLowerCase()) {
      hash = Math.imul(hash ^ char.charCodeAt(0), TOKEN_PRIME);
    }
    return hash >>> 0;
  });
}

/**
 * How a text sought may be spelled where it is stored: as it is, and as JSON, in which quotes,
 * backslashes and control characters are escaped.
 */
export function spellingsOf(text: string): readonly string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  return escaped === text ? [text] : [text, escaped];
}
