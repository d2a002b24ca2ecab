import { globBase, globPattern, isGlob } from './glob.ts';
import { baseName, escapeText, folderName } from './path-text.ts';

/** Which part of a host's files a state is. All paths are absolute path texts. */
export interface TreeScope {
  readonly roots: readonly TreeRoot[];
  excludes(path: string): boolean;
  /** Whether a file's content is kept from every diff, beyond what its name says. */
  hides(path: string): boolean;
}

/** One of the configured paths: a file or folder, or a pattern of such. */
export interface TreeRoot {
  /** As configured. */
  readonly path: string;
  /** What lies above may lead through links, because the operator wrote it; nothing below may. */
  readonly base: string;
  /** Absent when `path` is no pattern. */
  readonly pattern?: RegExp;
  /** Parts below `base` a match can have; Infinity with `**`. */
  readonly depthMax: number;
}

/** Names of our own half-written files; they are nobody's state. */
export const TEMPORARY_NAME = /^\.lastgood-[0-9a-f]{16}\.tmp$/;

/** The scope of configured paths, excluding globs and globs of secret files. */
export function treeScope(
  paths: readonly string[],
  exclude: readonly string[],
  secrets: readonly string[] = [],
): TreeScope {
  return {
    roots: paths.map(treeRoot),
    excludes: matcher(exclude),
    hides: matcher(secrets),
  };
}

function treeRoot(configured: string): TreeRoot {
  const trimmed = configured.length > 1 ? configured.replace(/\/+$/, '') : configured;
  if (!isGlob(trimmed)) {
    const path = escapeText(trimmed);
    return { path, base: folderName(path), depthMax: 1 };
  }
  const base = globBase(trimmed);
  const rest = trimmed.slice(base === '/' ? 1 : base.length + 1);
  return {
    path: trimmed,
    base: escapeText(base),
    pattern: globPattern(trimmed),
    depthMax: rest.includes('**') ? Number.POSITIVE_INFINITY : rest.split('/').length,
  };
}

/** A pattern without a slash matches names anywhere, one with a slash whole paths. */
function matcher(globs: readonly string[]): (path: string) => boolean {
  const whole = globs.filter((glob) => glob.includes('/')).map(globPattern);
  const names = globs.filter((glob) => !glob.includes('/')).map(globPattern);
  if (globs.length === 0) return () => false;
  return (path) =>
    whole.some((pattern) => pattern.test(path)) ||
    names.some((pattern) => pattern.test(baseName(path)));
}

/** The root a path belongs to; undefined when it is outside of the scope or excluded. */
export function rootOf(scope: TreeScope, path: string): TreeRoot | undefined {
  if (!path.startsWith('/') || path.split('/').some((part) => part === '.' || part === '..')) {
    return undefined;
  }
  const lineage = [path];
  while (lineage.at(-1) !== '/') lineage.push(folderName(lineage.at(-1) ?? '/'));
  if (lineage.some((ancestor) => scope.excludes(ancestor))) return undefined;
  return scope.roots.find((root) => {
    const { pattern } = root;
    if (pattern === undefined) return lineage.includes(root.path);
    return lineage.some((ancestor) => pattern.test(ancestor));
  });
}
