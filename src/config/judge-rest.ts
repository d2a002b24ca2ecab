import type { Result } from '../base/result.ts';
import type { FoundProblem } from './problem.ts';
import type { Config } from './schema.ts';

type Path = readonly PropertyKey[];

/** What of a configuration can be judged although some of it cannot be read. */
export interface Rest {
  /** The configuration without what is wrong; absent where too little is left to be judged. */
  readonly rest?: Config;
  /** Those problems of the rest that it has not only because something was left out. */
  readonly isJudged: (found: readonly FoundProblem[]) => readonly FoundProblem[];
}

/** Sections that are lists of things with names: what is wrong with one says nothing of others. */
const LISTS: ReadonlySet<PropertyKey> = new Set(['sources', 'components', 'triggers']);

/**
 * Leaves out the settings that cannot be read, so that the others are judged at once. Whole things
 * are never left out: what names them would then be blamed.
 */
export function withoutProblems(
  raw: unknown,
  problems: readonly FoundProblem[],
  parse: (raw: unknown) => Result<Config, unknown>,
): Rest {
  const rest: unknown = structuredClone(raw);
  const cuts = problems.map(({ path, atKey }) => ({
    path: cut(rest, path),
    isKey: atKey === true,
  }));
  const parsed = cuts.every(({ path }) => path !== undefined) ? parse(rest) : undefined;
  if (parsed?.ok !== true) return { isJudged: () => [] };
  const touched = cuts.flatMap(({ path, isKey }) => (path === undefined || isKey ? [] : [path]));
  const isTouched = (path: Path): boolean =>
    touched.some((one) => one[0] === path[0] && (!LISTS.has(path[0] ?? '') || one[1] === path[1]));
  return { rest: parsed.value, isJudged: (found) => found.filter(({ path }) => !isTouched(path)) };
}

/** Removes the innermost named setting on a path; what it removed, if it may be. */
function cut(rest: unknown, path: Path): Path | undefined {
  const end = path.findLastIndex((key) => typeof key === 'string');
  // Without a whole section much else would seem to be missing.
  if (end < 1) return undefined;
  let holder: unknown = rest;
  for (const key of path.slice(0, end)) holder = member(holder, key);
  const key = path[end];
  if (typeof holder !== 'object' || holder === null || key === undefined) return undefined;
  return Reflect.has(holder, key) && Reflect.deleteProperty(holder, key)
    ? path.slice(0, end + 1)
    : undefined;
}

function member(holder: unknown, key: PropertyKey): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}
