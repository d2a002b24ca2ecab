import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';

import { runCheck } from './check-result.ts';
import { readProject, type ProjectFile } from './project-files.ts';
import { lineOf } from './source-text.ts';

/**
 * Holds the documents to what is there: each link within the project, and each path below `src/`
 * or `docs/` that a page names in code type, must lead to a file or a folder.
 */

const roots = ['', 'demo', 'docs', 'lab', 'src', 'test', 'web'];

/** Checks the pages of a project tree. */
export function checkLinks(root: string): { violations: readonly string[]; files: number } {
  const pages = roots.flatMap((folder) =>
    readProject(root, [folder], (path) => path.endsWith('.md') && !path.startsWith('.')),
  );
  const unique = [...new Map(pages.map((page) => [page.path, page])).values()];
  const violations = unique.flatMap((page) => checkPage(root, page));
  return { violations, files: unique.length };
}

function checkPage(root: string, page: ProjectFile): readonly string[] {
  const links = [...page.text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .filter(([, target]) => target !== undefined && !/^[a-z]+:/.test(target))
    .map((match) => ({ at: match.index, target: fromPage(page.path, match[1] ?? '') }));
  const paths = [
    ...page.text.matchAll(/`((?:src|docs|test|demo|scripts|bin|web)\/[\w./-]+)`/g),
  ].map((match) => ({ at: match.index, target: match[1] ?? '' }));
  return [...links, ...paths]
    .filter(({ target }) => !existsSync(join(root, target)))
    .map(
      ({ at, target }) =>
        `${page.path}:${lineOf(page.text, at)} points to ${target}, which does not exist; ` +
        'correct the page.',
    );
}

function fromPage(page: string, target: string): string {
  return posix.normalize(posix.join(posix.dirname(page), target));
}

if (import.meta.main) runCheck('links', checkLinks(process.cwd()));
