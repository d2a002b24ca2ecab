/** What Node runs as one of our programs: the command, or a process that the daemon forks. */
const SCRIPT = /(^|\/)\.?bin\/lastgood$|\/daemon\/(evidence|host)\/process\.[jt]s$/;

/**
 * Whether a program with these words is lastgood, whoever started it: core and host runner may know
 * of each other by a socket alone. It goes by the name and guards against nobody.
 */
export function isOwnProgram([program = '', ...words]: readonly string[]): boolean {
  if (!/(^|\/)node(js)?$/.test(program)) return false;
  // Options of Node stand before the script, those of ours behind it.
  const script = words.find((word) => !word.startsWith('-'));
  return SCRIPT.test(script ?? '');
}
