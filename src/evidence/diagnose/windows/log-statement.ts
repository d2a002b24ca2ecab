/** Where a program says it logs from: `logger#12`, `File.java:34`, `handler.go:9`. */
const CALL_SITE = /\b[A-Za-z_$][\w.$]*#\d{1,6}\b|\b[\w-]{1,80}\.[a-z]{1,5}:\d{1,6}\b/;

/** Words of a line by which it is known where it has no call site. */
const WORDS = 8;
/** How far into a line its level, call site and first words stand. */
const HEAD_CHARS = 400;
const LEVEL = /\b(FATAL|CRITICAL|SEVERE|ERROR|ERR|PANIC)\b/;

/** Whether a line says by its words that it is an error; levels stand near the start. */
export function speaksOfError(body: string): boolean {
  return LEVEL.test(body.slice(0, 120));
}

/**
 * What of a line is the same whenever its program writes it: the call site where there is one, else
 * its first words with those masked that vary. An error is never the same statement as no error.
 */
export function logStatement(body: string, isError: boolean): string {
  const head = body.slice(0, HEAD_CHARS);
  const site = CALL_SITE.exec(head)?.[0];
  const level = isError ? 'ERROR ' : '';
  if (site !== undefined) return level + site;
  const words = head.trim().split(/\s+/, WORDS);
  return level + words.map((word) => (/\d|^["'`[{(]/.test(word) ? '<*>' : word)).join(' ');
}
