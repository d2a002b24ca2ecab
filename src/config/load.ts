import { LineCounter, parseDocument, type Document } from 'yaml';
import { messageOf } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import { adapterProblems, type AdapterSchemas } from './adapter-problems.ts';
import { consistencyProblems } from './consistency.ts';
import { withoutProblems } from './judge-rest.ts';
import { plainWords } from './plain-words.ts';
import type { ConfigProblem, FoundProblem } from './problem.ts';
import { configSchema, type Config } from './schema.ts';
import { tellIssue } from './tell-issue.ts';
import { problemAt, problemIn, syntaxProblem, type Place } from './written-place.ts';

/** A configuration larger than this is no configuration. */
const CONFIG_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Reads the text of a configuration. All problems are reported at once, each with the line and
 * column of the value at fault.
 */
export function loadConfig(
  text: string,
  file: string,
  adapters: AdapterSchemas,
): Result<Config, readonly ConfigProblem[]> {
  const lines = new LineCounter();
  if (text.length > CONFIG_BYTES_MAX) {
    return err([problemAt(file, 1, 1, '', 'the file is larger than 4 MiB; split the inventory')]);
  }
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const place: Place = { file, document, lines };
  if (document.errors.length > 0)
    return err(document.errors.map((e) => hiding(syntaxProblem(e, place))));
  const read = valueOf(document);
  if (!read.ok) return err([problemAt(file, 1, 1, '', read.error)]);
  const raw = read.value ?? {};
  const parsed = parse(raw);
  if (parsed.ok) {
    const problems = problemsOf(parsed.value, adapters);
    if (problems.length === 0) return ok(parsed.value);
    return err(problems.map((found) => problemIn(place, found)));
  }
  const told = parsed.error;
  const { rest, isJudged } = withoutProblems(raw, told, parse);
  const problems = told.map((found) => problemIn(place, found));
  if (rest === undefined) return err(problems.map(hiding));
  const more = isJudged(problemsOf(rest, adapters));
  return err([...problems, ...more.map((found) => problemIn(place, found))]);
}

function hiding(problem: ConfigProblem): ConfigProblem {
  return { ...problem, hidesMore: true };
}

function parse(raw: unknown): Result<Config, readonly FoundProblem[]> {
  const parsed = configSchema.safeParse(raw, { reportInput: true, error: plainWords });
  return parsed.success ? ok(parsed.data) : err(parsed.error.issues.flatMap(tellIssue));
}

function problemsOf(config: Config, adapters: AdapterSchemas): readonly FoundProblem[] {
  return [
    ...adapterProblems(config, adapters),
    ...consistencyProblems(config, adapters.sources.keys()),
  ];
}

/** An alias to nowhere, or too many of them, shows only when the value is built. */
function valueOf(document: Document.Parsed): Result<unknown, string> {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return ok(value);
  } catch (error) {
    return err(messageOf(error));
  }
}
