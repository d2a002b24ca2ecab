import { matchesGlob } from 'node:path';
import type { FoundProblem } from '../problem.ts';
import type { Config } from '../schema.ts';

/** A path with two owners would be captured twice, and restored to whichever came last. */
export function sharedPathProblems({ components = [] }: Config): readonly FoundProblem[] {
  const earlier: OwnedPath[] = [];
  const found: FoundProblem[] = [];
  for (const [i, component] of components.entries()) {
    for (const [j, spec] of component.state.entries()) {
      for (const owned of pathsOf(component, spec, ['components', i, 'state', j])) {
        const message = earlier.map((other) => whyShared(owned, other)).find(Boolean);
        if (message !== undefined) found.push({ path: owned.at, message, value: owned.path });
        else earlier.push(owned);
      }
    }
  }
  return found;
}

interface OwnedPath {
  readonly owner: string;
  /** The same path of two hosts is two: each network namespace may have an /etc of its own. */
  readonly host: string | undefined;
  /** Without slashes at its end. */
  readonly path: string;
  /** Globs of what its state leaves out. */
  readonly exclude: readonly string[];
  readonly at: readonly PropertyKey[];
}

/** The paths a state names: of files, and the link a deployment turns. */
function pathsOf(
  { name: owner, host }: { readonly name: string; readonly host?: string | undefined },
  spec: object,
  at: readonly PropertyKey[],
): readonly OwnedPath[] {
  const members = new Map<string, unknown>(Object.entries(spec));
  const exclude = listOf(members.get('exclude'));
  const owned = (text: string, ...member: readonly PropertyKey[]): OwnedPath => {
    return { owner, host, path: text.replace(/(?<=.)\/+$/, ''), exclude, at: [...at, ...member] };
  };
  const current = members.get('current');
  return [
    ...listOf(members.get('paths')).map((text, k) => owned(text, 'paths', k)),
    ...(typeof current === 'string' ? [owned(current, 'current')] : []),
  ];
}

const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];

/** What globs name only the host knows, so they are compared as they are written. */
function whyShared(later: OwnedPath, earlier: OwnedPath): string | undefined {
  if (later.host !== earlier.host) return undefined;
  if (later.path === earlier.path) {
    return `${earlier.owner} owns this path already; leave it to one of them`;
  }
  if (holds(earlier, later)) {
    return `${earlier.owner} owns ${earlier.path} with all in it; exclude this path there`;
  }
  if (holds(later, earlier)) {
    return `it holds ${earlier.path}, which ${earlier.owner} owns; exclude that here`;
  }
  return undefined;
}

function holds(outer: OwnedPath, inner: OwnedPath): boolean {
  if (!inner.path.startsWith(`${outer.path}/`)) return false;
  const between = inner.path.slice(outer.path.length + 1).split('/');
  return !between.some((name, depth) => {
    const path = `${outer.path}/${between.slice(0, depth + 1).join('/')}`;
    return outer.exclude.some((glob) => matchesGlob(glob.includes('/') ? path : name, glob));
  });
}
