import { basename } from 'node:path';

import type { ProjectFile } from './project-files.ts';
import { lineOf, scanSource, type SourceText } from './source-text.ts';

/**
 * The limits of `docs/style.md` that a program can judge, one function per rule. Function length
 * is not here: oxlint knows the syntax and measures it (`max-lines-per-function`).
 */

/** Longer files hide a second idea. */
const linesMax = 400;

/** Two files side by side on a laptop. */
const columnsMax = 100;

/** Folders whose `index.ts` is a public face of the package; elsewhere it hides the names. */
const publicFaces: readonly string[] = ['src/ports/index.ts', 'src/testing/index.ts'];

/** Words that say nothing about what a file holds. */
const emptyWords = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'manager',
  'handler',
  'handlers',
  'misc',
]);

/** Forbidden parts of exported names, and the word of the glossary to use instead. */
const forbiddenNames: readonly (readonly [RegExp, string])[] = [
  [/Snapshot|^snapshot/, 'say Capture (one provider) or Checkpoint (the sealed set)'],
  [/RestorePoint|^restorePoint/, "say Checkpoint; a restore point is only PostgreSQL's"],
  [/Manager|^manager/, 'name what it does'],
  [/Handler|^handler/, 'name what it does'],
  [/Utils?$|Helpers?$/, 'name what it does'],
];

/** One file and its scan, as every rule sees it. */
interface Subject {
  readonly file: ProjectFile;
  readonly source: SourceText;
}

type Rule = (subject: Subject) => readonly string[];

/** Every violation of one file, each a sentence with file and line. */
export function judgeFile(file: ProjectFile): readonly string[] {
  const subject = { file, source: scanSource(file.text) };
  return rules.flatMap((rule) => rule(subject));
}

const fileLength: Rule = ({ file }) => {
  const lines = file.text.split('\n').length - 1;
  if (lines <= linesMax) return [];
  return [`${file.path}:${linesMax} has ${lines} lines, limit ${linesMax}; split it by ideas.`];
};

const lineLength: Rule = ({ file }) =>
  file.text
    .split('\n')
    .flatMap((line, index) =>
      line.length <= columnsMax || /https?:\/\/\S{60}/.test(line) || isQuote(file, line)
        ? []
        : [`${file.path}:${index + 1} has ${line.length} columns, limit ${columnsMax}; break it.`],
    );

/** The properties quote lines of the source whole, because that is how they are found again. */
function isQuote({ path }: ProjectFile, line: string): boolean {
  return path.startsWith('test/properties/') && /^\s*(\w+: )?(['"`]).*\2,?$/.test(line);
}

const names: Rule = ({ file }) => {
  const violations: string[] = [];
  for (const part of file.path.split('/')) {
    const stem = part.replace(/^\./, '').replace(/(\.(test|config|d))?\.\w+$/, '');
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)) {
      violations.push(`${file.path}:1 is not kebab-case at "${part}"; rename it.`);
    }
    const empty = stem.split('-').find((word) => emptyWords.has(word));
    if (empty !== undefined) {
      violations.push(`${file.path}:1 is named "${empty}", which says nothing; name the idea.`);
    }
  }
  return violations;
};

const indexFiles: Rule = ({ file }) =>
  basename(file.path) !== 'index.ts' || publicFaces.includes(file.path)
    ? []
    : [`${file.path}:1 is an index.ts without a public face; import the files by their names.`];

const marks: Rule = ({ file, source }) =>
  source.comments.flatMap((comment) => {
    const mark = /\b(TODO|FIXME|XXX|HACK)\b/.exec(comment.value);
    if (mark === null) return [];
    const line = lineOf(file.text, comment.start + mark.index);
    return [`${file.path}:${line} has the mark ${mark[1]}; do it now or open an issue.`];
  });

/** An exported declaration: its first word and its name. */
const exportPattern = new RegExp(
  String.raw`^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?` +
    String.raw`(type|interface|class|function\*?|const|let)\s+([A-Za-z_$][\w$]*)`,
  'gm',
);

const exportedNames: Rule = ({ file, source }) =>
  [...source.code.matchAll(exportPattern)].flatMap((match) => {
    const name = match[2] ?? '';
    const found = forbiddenNames.find(([pattern]) => pattern.test(name));
    if (found === undefined || /postgres/.test(file.path)) return [];
    return [`${file.path}:${lineOf(file.text, match.index)} exports ${name}; ${found[1]}.`];
  });

/** Exported things of the product carry a docstring; tests, demo and web pages need none. */
const docstrings: Rule = ({ file, source }) => {
  if (!file.path.startsWith('src/') || file.path.endsWith('.test.ts')) return [];
  const documented = new Set<string>();
  return [...source.code.matchAll(exportPattern)].flatMap((match) => {
    const name = match[2] ?? '';
    // The overloads of a function share the docstring of the first.
    const before = file.text.slice(0, match.index).trimEnd();
    if (before.endsWith('*/') || documented.has(name)) {
      documented.add(name);
      return [];
    }
    const line = lineOf(file.text, match.index);
    return [`${file.path}:${line} exports ${name} without a docstring; say what it means.`];
  });
};

const onlyTests: Rule = ({ file, source }) =>
  [...source.code.matchAll(/\b(?:it|test|describe)\.only\s*\(/g)].map(
    (match) =>
      `${file.path}:${lineOf(file.text, match.index)} runs one test only and hides the rest; ` +
      'remove .only.',
  );

const rules: readonly Rule[] = [
  fileLength,
  lineLength,
  names,
  indexFiles,
  marks,
  exportedNames,
  docstrings,
  onlyTests,
];
