/** Words people write for severities, as OTel numbers (logs data model, appendix B). */
const SEVERITY_OF_WORD: ReadonlyMap<string, number> = new Map([
  ['trace', 1],
  ['verbose', 1],
  ['debug', 5],
  ['info', 9],
  ['information', 9],
  ['informational', 9],
  ['log', 9],
  ['notice', 10],
  ['warn', 13],
  ['warning', 13],
  ['err', 17],
  ['error', 17],
  ['severe', 17],
  ['crit', 18],
  ['critical', 18],
  ['alert', 19],
  ['emerg', 21],
  ['emergency', 21],
  ['fatal', 21],
  ['panic', 21],
]);

/** The severity number of a word in any letter case; undefined when it is no such word. */
export function severityOfWord(word: string): number | undefined {
  // The longest word has 13 letters; longer texts need no lower-case copy to be told apart.
  if (word.length > 13) return undefined;
  return SEVERITY_OF_WORD.get(word.toLowerCase());
}
