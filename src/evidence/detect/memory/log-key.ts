/** Words of a message that make its key: what varies comes later in most messages. */
const KEY_WORDS = 8;

/** A sample is for recognizing a message, not for reading it whole. */
const SAMPLE_CHARS = 200;

/**
 * The key of an error message: its exception type, if any, and its first eight words with every
 * word that holds a digit or a quoted text written `<*>`.
 */
export function logKey(body: string, exceptionType: string | undefined): string {
  const words = body.slice(0, 4 * SAMPLE_CHARS).split(/\s+/, KEY_WORDS);
  const masked = words.map((word) => (/\d|^["'`]/.test(word) ? '<*>' : word)).join(' ');
  if (exceptionType === undefined) return masked;
  return masked === '' ? exceptionType : `${exceptionType}: ${masked}`;
}

/** The beginning of a message on one line. */
export function logSample(body: string): string {
  const line = body.replaceAll(/\s+/g, ' ').trim();
  return line.length <= SAMPLE_CHARS ? line : `${line.slice(0, SAMPLE_CHARS - 1)}…`;
}
