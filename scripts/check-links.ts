import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';

import { runCheck } from './check-result.ts';
import { readProject, type ProjectFile } from './project-files.ts';
import { lineOf } from './source-text.ts';

/**
 * Holds the documents to what is there: each link within the project, each path of ours that a
 * page names in code type, and each page that a comment names must lead to a file or a folder.
 */

const roots = ['', 'demo', 'docs', 'lab', 'shop', 'src', 'test', 'web'];

/** Checks the pages of a project tree. */
export function checkLinks(root: string): { violations: readonly string[]; files: number } {
  const pages = roots.flatMap((folder) =>
    readProject(root, [folder], (path) => path.endsWith('.md') && !path.startsWith('.')),
  );
  const unique = [...new Map(pages.map((page) => [page.path, page])).values()];
  const sources = readProject(root, ['src'], (path) => /\.tsx?$/.test(path));
  const violations = [
    ...unique.flatMap((page) => missing(root, page, targetsOf(page))),
    ...sources.flatMap((source) => missing(root, source, pagesNamedBy(source))),
  ];
  return { violations, files: unique.length };
}

/** Somewhere a file points to. */
interface Target {
  readonly at: number;
  readonly target: string;
}

function pagesNamedBy({ text }: ProjectFile): readonly Target[] {
  return [...text.matchAll(/\bdocs\/[\w./-]+\.md\b/g)].map((match) => ({
    at: match.index,
    target: match[0],
  }));
}

function targetsOf(page: ProjectFile): readonly Target[] {
  const links = [...page.text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .filter(([, target]) => target !== undefined && !/^[a-z]+:/.test(target))
    .map((match) => ({ at: match.index, target: fromPage(page.path, match[1] ?? '') }));
  const paths = [
    ...page.text.matchAll(/`((?:src|docs|test|demo|lab|shop|scripts|bin|web)\/[\w./-]+)`/g),
  ].map((match) => ({ at: match.index, target: match[1] ?? '' }));
  return [...links, ...paths];
}

function missing(root: string, page: ProjectFile, targets: readonly Target[]): readonly string[] {
  return targets
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
