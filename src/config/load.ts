import { isCollection, isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { messageOf } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { StandardSchema } from '../ports/standard-schema.ts';
import { consistencyProblems } from './consistency.ts';
import type { ConfigProblem, FoundProblem } from './problem.ts';
import { configSchema, type Config } from './schema.ts';

/** What adapters accept, by kind: validates `sources[]` and `components[].state[]`. */
export interface AdapterSchemas {
  readonly sources: ReadonlyMap<string, StandardSchema<unknown>>;
  readonly providers: ReadonlyMap<string, StandardSchema<unknown>>;
}

/** A configuration larger than this is no configuration. */
const CONFIG_BYTES_MAX = 4 * 1024 * 1024;

type Path = readonly PropertyKey[];

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
  if (document.errors.length > 0) return err(document.errors.map((e) => syntaxProblem(e, place)));
  const read = valueOf(document);
  if (!read.ok) return err([problemAt(file, 1, 1, '', read.error)]);
  const raw = read.value ?? {};
  const parsed = configSchema.safeParse(raw, { reportInput: true });
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap(widest);
    return err(issues.map((issue) => problem(place, { ...issue, value: issue.input })));
  }
  const problems = [
    ...adapterProblems(parsed.data, adapters),
    ...consistencyProblems(parsed.data, adapters.sources.keys()),
  ];
  if (problems.length === 0) return ok(parsed.data);
  return err(problems.map((found) => problem(place, found)));
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

interface Place {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
  /** The key is at fault, not its value. */
  readonly atKey?: boolean;
  readonly code?: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Issue[])[];
}

/**
 * Unknown keys point at the key itself; a failed union tells the try that knows most of the keys
 * that were written, and of those the one that came furthest.
 */
function widest(issue: Issue): readonly Issue[] {
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({
      path: [...issue.path, key],
      message: 'there is no such setting',
      atKey: true,
    }));
  }
  const deepest = (issue.errors ?? [])
    .filter((tries) => tries.length > 0)
    .toSorted((a, b) => unknownKeys(a) - unknownKeys(b) || depth(b) - depth(a))[0];
  if (deepest === undefined) return [issue];
  return deepest.flatMap((inner) =>
    widest({ ...inner, path: [...issue.path, ...inner.path], input: inner.input ?? issue.input }),
  );
}

/** Of the value itself; what stands deeper is no sign that another variant was meant. */
function unknownKeys(issues: readonly Issue[]): number {
  const own = issues.filter(({ code, path }) => code === 'unrecognized_keys' && path.length === 0);
  return own.reduce((sum, { keys = [] }) => sum + keys.length, 0);
}

function depth(issues: readonly Issue[]): number {
  const custom = issues.some((issue) => issue.code === 'custom') ? 0.5 : 0;
  return Math.max(...issues.map((issue) => issue.path.length)) + custom;
}

function adapterProblems(config: Config, adapters: AdapterSchemas): readonly FoundProblem[] {
  const found: FoundProblem[] = [];
  for (const [i, source] of (config.sources ?? []).entries()) {
    const { name: _name, rules: _rules, kind, ...spec } = source;
    found.push(...specProblems(['sources', i], 'kind', kind, spec, adapters.sources));
  }
  for (const [i, component] of (config.components ?? []).entries()) {
    for (const [j, state] of component.state.entries()) {
      const { provider, ...spec } = state;
      const path = ['components', i, 'state', j];
      found.push(...specProblems(path, 'provider', provider, spec, adapters.providers));
    }
  }
  return found;
}

function specProblems(
  path: Path,
  member: string,
  kind: string,
  spec: unknown,
  schemas: ReadonlyMap<string, StandardSchema<unknown>>,
): readonly FoundProblem[] {
  const schema = schemas.get(kind);
  if (schema === undefined) {
    const known = [...schemas.keys()].toSorted().join(', ');
    return [
      {
        path: [...path, member],
        message: `there is none of this name; known: ${known}`,
        value: kind,
      },
    ];
  }
  const result = schema['~standard'].validate(spec);
  if (result instanceof Promise) return [{ path, message: 'settings must be checkable at once' }];
  return (result.issues ?? []).map((issue) => ({
    path: [...path, ...(issue.path ?? []).map((key) => (typeof key === 'object' ? key.key : key))],
    message: issue.message,
  }));
}

function problem(place: Place, found: FoundProblem): ConfigProblem {
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

function problemAt(
  file: string,
  line: number,
  column: number,
  path: string,
  message: string,
): ConfigProblem {
  return { code: 'LG_CONFIG_INVALID', file, line, column, path, message };
}

function syntaxProblem(
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
