/** A number of at most 20 digits, as the kernel writes counters; undefined for anything else. */
export function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** The counters of a line's words, from the word `from` on; undefined when one is no counter. */
export function countsOf(
  words: readonly string[],
  from: number,
  least: number,
): readonly number[] | undefined {
  const counts: number[] = [];
  for (const word of words.slice(from)) {
    const count = countOf(word);
    if (count === undefined) return undefined;
    counts.push(count);
  }
  return counts.length < least ? undefined : counts;
}

/** Lines that are not empty, at most `most`: nothing we read honestly has more. */
export function linesOf(text: string, most: number): readonly string[] {
  return text
    .split('\n', most)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The words of a line. */
export function wordsOf(line: string): readonly string[] {
  return line.split(/[ \t]+/);
}

/**
 * Files of lines `key value`, `key: value` or `key: value kB`: /proc/meminfo, memory.stat.
 * Values in kB are answered in bytes; lines of another form are passed over.
 */
export function keyedCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of linesOf(text, KEYED_LINES_MAX)) {
    const match = /^([\w()]{1,64}):?\s+(\d{1,20})(\s+kB)?$/.exec(line);
    if (match === null) continue;
    counts.set(match[1] ?? '', Number(match[2]) * (match[3] === undefined ? 1 : 1024));
  }
  return counts;
}

/** /proc/vmstat, the longest of these files, has about 200 lines. */
const KEYED_LINES_MAX = 1_000;
