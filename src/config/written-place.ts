import { isCollection, isMap, isScalar, type Document, type LineCounter } from 'yaml';
import type { ConfigProblem, FoundProblem } from './problem.ts';

type Path = readonly PropertyKey[];

/** A configuration as it is written. */
export interface Place {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** What was found, with the line and column where that is written. */
export function problemIn(place: Place, found: FoundProblem): ConfigProblem {
  const { line, column } = locate(place, found.path, found.atKey === true);
  const value = writtenAt(place, found);
  const holdsPassword = typeof value === 'string' && URL_WITH_PASSWORD.test(value);
  const isSecret = SECRET_MEMBERS.has(String(found.path.at(-1))) || holdsPassword;
  const seen = isShowable(value) && !isSecret ? ` (it is ${JSON.stringify(value)})` : '';
  const told = problemAt(place.file, line, column, renderPath(found.path), found.message + seen);
  // What stands where only a reference may stand is most likely the secret itself.
  const isReference = REFERENCE_MEMBERS.has(String(found.path.at(-1)));
  if (holdsPassword || (isReference && isShowable(value)))
    return { ...told, code: 'LG_CONFIG_SECRET_IN_CLEAR' };
  return found.refusal === undefined ? told : { ...told, code: found.refusal };
}

/** What stands in the file, where a duration or a size was turned into a number meanwhile. */
function writtenAt({ document }: Place, { path, value }: FoundProblem): unknown {
  if (value === undefined || path.length === 0) return value;
  const written = document.getIn(path);
  return isShowable(written) ? written : value;
}

/** A URL that says with which password it is asked. */
const URL_WITH_PASSWORD = /:\/\/[^/?#\s]*:[^/?#\s]*@/;

/** Members that take nothing but a reference to a secret. */
const REFERENCE_MEMBERS: ReadonlySet<string> = new Set(['secret', 'password', 'token']);

/** A secret written in clear by mistake must not be repeated on a screen. */
const SECRET_MEMBERS: ReadonlySet<string> = new Set(['secret', 'url', 'password', 'token']);

/** Only short scalars are repeated in messages. */
function isShowable(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= 80;
  return typeof value === 'number' || typeof value === 'boolean';
}

/** A problem at a place that is known already. */
export function problemAt(
  file: string,
  line: number,
  column: number,
  path: string,
  message: string,
): ConfigProblem {
  return { code: 'LG_CONFIG_INVALID', file, line, column, path, message };
}

/** What keeps the text from being read as YAML at all. */
export function syntaxProblem(
  error: { readonly message: string; readonly pos: readonly [number, number] },
  place: Place,
): ConfigProblem {
  const { line, col } = place.lines.linePos(error.pos[0]);
  const message = error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '';
  return { code: 'LG_CONFIG_SYNTAX', file: place.file, line, column: col, path: '', message };
}

/** The nearest node that exists: a missing member is reported at what lacks it. */
function locate(
  place: Place,
  path: Path,
  atKey: boolean,
): { readonly line: number; readonly column: number } {
  for (let length = path.length; length >= 0; length -= 1) {
    const at = offsetOf(place.document, path.slice(0, length), atKey && length === path.length);
    if (at === undefined) continue;
    const { line, col } = place.lines.linePos(at);
    return { line, column: col };
  }
  return { line: 1, column: 1 };
}

function offsetOf(document: Document.Parsed, path: Path, atKey: boolean): number | undefined {
  const last = path.at(-1);
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === last);
    const value = pair?.value;
    if (!atKey && isScalar(value) && value.range) return value.range[0];
    if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
    return undefined;
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if ((isScalar(node) || isCollection(node)) && node.range) return node.range[0];
  return undefined;
}

function renderPath(path: Path): string {
  let text = '';
  for (const key of path) {
    text += typeof key === 'number' ? `[${key}]` : `${text === '' ? '' : '.'}${String(key)}`;
  }
  return text;
}
