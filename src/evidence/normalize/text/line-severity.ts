import { severityOfWord } from '../severity-words.ts';

/** A severity a line states. */
export interface LineSeverity {
  readonly severity: number;
  /** As written. */
  readonly text: string;
}

/** Behind the stamp: a thread, a logger and the level stand within this; later words are speech. */
const WINDOW_CHARS = 48;

/** `level=error` may stand further behind, after other pairs. */
const PAIR_WINDOW_CHARS = 200;

const WORDS =
  'TRACE|DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|ERR|SEVERE|CRITICAL|CRIT|ALERT|EMERG|FATAL|PANIC';

/** A level in capitals that stands by itself: ` ERROR `, `[WARN]`, `ERROR:`. */
const CAPITALS = new RegExp(String.raw`(?:^|[\s[(<|"'])(${WORDS})(?=$|[\s\])>|:,"'])`);

/** A level in brackets, in any letter case: `[error]`, `<warn>`. */
const BRACKETS = new RegExp(String.raw`[[<](${WORDS})[\]>]`, 'i');

/** A level as a pair: `level=error`, `severity: "warn"`. */
const PAIR = new RegExp(
  String.raw`(?:^|[\s,{])"?(?:level|lvl|severity|loglevel)"?\s{0,2}[=:]\s{0,2}"?(${WORDS})\b`,
  'i',
);

/** A line that starts with the level as a word of speech: `Error: …`, `warning: …`. */
const PREFIX = new RegExp(String.raw`^\W{0,3}(${WORDS})\s{0,2}:`, 'i');

const LETTERS: Readonly<Record<string, string>> = { I: 'INFO', W: 'WARN', E: 'ERROR', F: 'FATAL' };

/**
 * The severity a line states, looked for conservatively: a wrong ERROR would page somebody, a
 * missed one is still found by its text. `from` is the end of the stamp, `letter` that of glog.
 */
export function lineSeverity(line: string, from: number, letter: string): LineSeverity | undefined {
  const letterWord = LETTERS[letter];
  if (letterWord !== undefined) return stated(letterWord);
  const window = line.slice(from, from + WINDOW_CHARS).trimStart();
  const word =
    CAPITALS.exec(window)?.[1] ??
    BRACKETS.exec(window)?.[1] ??
    PREFIX.exec(window)?.[1] ??
    PAIR.exec(line.slice(0, PAIR_WINDOW_CHARS))?.[1];
  return word === undefined ? undefined : stated(word);
}

function stated(word: string): LineSeverity | undefined {
  const severity = severityOfWord(word);
  return severity === undefined ? undefined : { severity, text: word };
}
