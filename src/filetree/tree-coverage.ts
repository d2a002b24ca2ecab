import type { Observation } from '../ports/provider.ts';
import type { TreeScope } from './compare/tree-scope.ts';

/** What a walk deliberately left out. */
export interface Omissions {
  readonly special: string[];
  readonly excluded: string[];
  hardLinked: number;
}

/** Paths named one by one; the rest is counted. */
const NAMED_MAX = 20;

/** What was looked at and what was not, in words. */
export function describeCoverage(
  scope: TreeScope,
  omissions: Omissions,
  hasXattrs: boolean,
): Observation['coverage'] {
  const excluded = [
    'modification times: a restored file has the time of its restore, so that watchers notice it',
    ...named(omissions.special, 'special file (device, pipe or socket)'),
    ...named(omissions.excluded, 'excluded by configuration'),
  ];
  if (!hasXattrs) excluded.push('extended attributes: getfattr is not installed');
  if (omissions.hardLinked > 0) {
    excluded.push(`hard links between ${omissions.hardLinked} files: each is restored on its own`);
  }
  return { included: scope.roots.map((root) => root.path), excluded };
}

function named(paths: readonly string[], what: string): readonly string[] {
  const lines = paths.slice(0, NAMED_MAX).map((path) => `${path}: ${what}`);
  if (paths.length > NAMED_MAX) {
    lines.push(`and ${paths.length - NAMED_MAX} more: ${what}`);
  }
  return lines;
}
