import { posix } from 'node:path';

import {
  folderRules,
  outsideRules,
  pureBaseModules,
  purePackages,
  startedPrograms,
  type FolderRule,
} from '../architecture.ts';
import { runCheck } from './check-result.ts';
import { readProject, type ProjectFile } from './project-files.ts';
import { findImports, lineOf, scanSource, type ImportReference } from './source-text.ts';

/**
 * Holds the source to the import table of `architecture.ts`.
 *
 * Each violation is one sentence: where, what is forbidden, what to do instead.
 */

const sourceRoots = ['src', ...outsideRules.map((rule) => rule.folder)];

/** Checks a project tree; the result lists violations and how many files were read. */
export function checkImports(root: string): { violations: readonly string[]; files: number } {
  const files = readProject(root, sourceRoots, (path) => /\.(ts|tsx|mts)$/.test(path));
  const impureBase = findImpureBase(files);
  const violations = files.flatMap((file) =>
    file.path.startsWith('src/') ? checkInside(file, impureBase) : checkOutside(file),
  );
  return { violations, files: files.length };
}

/** Rules and exceptions of the table that nothing in the tree answers to: they describe nothing. */
export function findIdleRules(root: string): readonly string[] {
  const units = readProject(root, ['src'], (path) => /\.(ts|tsx)$/.test(path)).map(({ path }) =>
    unitOf(path),
  );
  const named = folderRules.flatMap(({ folder, imports, lazily }) => [
    folder,
    ...imports,
    ...(lazily === undefined ? [] : [...lazily.imports, ...lazily.from]),
  ]);
  return [...new Set([...named, ...pureBaseModules])]
    .filter((folder) => !units.some((unit) => within(unit, folder)))
    .map((folder) => `architecture.ts:1 names ${folder}, which does not exist; take it out.`);
}

function checkInside(file: ProjectFile, impureBase: ReadonlySet<string>): readonly string[] {
  const unit = unitOf(file.path);
  const rule = ruleOf(unit);
  if (rule === undefined) {
    return [
      `${file.path}:1 lies in a folder that the import table does not know; ` +
        'move it into a folder of architecture.ts or add a rule there.',
    ];
  }
  const isTest = file.path.endsWith('.test.ts');
  const found = findImports(file.text);
  const violations = found.opaque.map(
    ({ line }) =>
      `${file.path}:${line} imports a computed path, which no check can follow; ` +
      'write the path as a plain string.',
  );
  for (const reference of found.references) {
    const problem = isRelative(reference.specifier)
      ? checkRelative(file.path, unit, rule, reference, impureBase, isTest)
      : checkPackage(rule, reference, isTest);
    if (problem !== undefined) violations.push(`${file.path}:${reference.line} ${problem}`);
  }
  if (rule.pure && !isTest) violations.push(...checkAmbient(file));
  return violations;
}

function checkRelative(
  path: string,
  unit: string,
  rule: FolderRule,
  reference: ImportReference,
  impureBase: ReadonlySet<string>,
  isTest: boolean,
): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(path), reference.specifier));
  if (!target.startsWith('src/')) {
    // The package's own description (its version) is the one thing above src that it may read.
    if (target === 'package.json') return undefined;
    const mayStart = startedPrograms.some(
      ({ from, program }) => from === unit && program === target,
    );
    if (reference.kind === 'url' && (rule.folder === 'daemon' || mayStart)) return undefined;
    if (isTest) return undefined;
    return `imports ${target}, which is outside src and absent from the package; move it into src.`;
  }
  const wanted = unitOf(target);
  if (sameUnit(unit, wanted, rule)) return undefined;
  if (isTest && within(wanted, 'testing')) return undefined;
  if (mayLoadLazily(unit, rule, reference, wanted)) return undefined;
  if (!rule.imports.some((allowed) => within(wanted, allowed))) {
    return (
      `(${rule.folder}) must not import ${wanted}; ` +
      `it may import ${rule.imports.join(', ') || 'nothing'}: take it as an argument and wire it ` +
      'in src/daemon, or move the shared part down.'
    );
  }
  if (rule.pure && !isTest && impureBase.has(wanted)) {
    return (
      `(${rule.folder}) is pure but ${wanted} uses node: modules; ` +
      'take what it gives as an argument.'
    );
  }
  return undefined;
}

function checkPackage(
  rule: FolderRule,
  reference: ImportReference,
  isTest: boolean,
): string | undefined {
  if (!rule.pure || isTest || purePackages.includes(reference.specifier)) return undefined;
  return (
    `(${rule.folder}) is pure and must not import ${reference.specifier}, not even a type; ` +
    'take what it gives as an argument, or describe it in src/ports.'
  );
}

/** What a pure file must not reach for, and what to do instead. */
const ambientUses: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w$.])Date\s*\.\s*now\s*\(/g, 'reads the clock; take the time as an argument.'],
  [
    /(?<![\w$.])new\s+Date\s*(?:\(\s*\))?\s*[;,)]/g,
    'reads the clock; take the time as an argument.',
  ],
  [/(?<![\w$.])performance\s*\.\s*now/g, 'reads the clock; take the time as an argument.'],
  [/(?<![\w$.])Math\s*\.\s*random/g, 'is random; take the random value as an argument.'],
  [/(?<![\w$.])crypto\s*\.\s*\w+/g, 'uses global crypto; hash with base/hash, take randomness.'],
  [/(?<![\w$.])process\s*\.\s*\w+/g, 'uses the process; take the value as an argument.'],
  [
    /(?<![\w$.])(?:setTimeout|setInterval|setImmediate)\s*\(/g,
    'waits; let the caller decide when.',
  ],
  [/(?<![\w$.])fetch\s*\(/g, 'uses the network; that belongs into an adapter.'],
];

function checkAmbient(file: ProjectFile): readonly string[] {
  const { code } = scanSource(file.text);
  const uses = file.path.startsWith('src/recovery/rollback/step')
    ? [...ambientUses, [/(?<![\w$.])(?:await|async)\b/g, 'waits; a step is one instant.'] as const]
    : ambientUses;
  return uses.flatMap(([pattern, problem]) =>
    [...code.matchAll(pattern)].map(
      (match) => `${file.path}:${lineOf(code, match.index)} is pure but ${problem}`,
    ),
  );
}

function checkOutside(file: ProjectFile): readonly string[] {
  const rule = outsideRules.find(({ folder }) => file.path.startsWith(`${folder}/`));
  if (rule === undefined || rule.imports.includes('*')) return [];
  const violations: string[] = [];
  for (const { specifier, line, kind } of findImports(file.text).references) {
    const target = isRelative(specifier)
      ? posix.normalize(posix.join(posix.dirname(file.path), specifier))
      : specifier;
    const isOurs = target.startsWith('src/') || /^lastgood(\/|$)/.test(target);
    if (!isOurs || kind === 'url') continue;
    if (rule.imports.some((allowed) => within(unitOf(target), allowed))) continue;
    violations.push(
      `${file.path}:${line} must not import ${target}, because ${rule.why}; it may import ` +
        `${rule.imports.map((allowed) => `src/${allowed}`).join(', ') || 'nothing of src'}.`,
    );
  }
  return violations;
}

/** Modules of `base` that use `node:` or npm, directly or through another module of `base`. */
function findImpureBase(files: readonly ProjectFile[]): ReadonlySet<string> {
  const edges = new Map<string, readonly string[]>();
  const impure = new Set<string>();
  for (const file of files) {
    const unit = unitOf(file.path);
    if (!within(unit, 'base') || file.path.endsWith('.test.ts')) continue;
    const { references } = findImports(file.text);
    const relative = references.filter(({ specifier }) => isRelative(specifier));
    edges.set(
      unit,
      relative.map(({ specifier }) => unitOf(posix.join(posix.dirname(file.path), specifier))),
    );
    if (relative.length < references.length && !pureBaseModules.includes(unit)) impure.add(unit);
  }
  for (let size = -1; size !== impure.size;) {
    size = impure.size;
    for (const [unit, targets] of edges) {
      if (targets.some((target) => impure.has(target))) impure.add(unit);
    }
  }
  return impure;
}

function mayLoadLazily(
  unit: string,
  rule: FolderRule,
  reference: ImportReference,
  wanted: string,
): boolean {
  if (rule.lazily === undefined || reference.kind === 'static') return false;
  return (
    rule.lazily.from.some((from) => within(unit, from)) &&
    rule.lazily.imports.some((allowed) => within(wanted, allowed))
  );
}

/** Path below `src/` without its extension: the name a unit has in the table. */
function unitOf(path: string): string {
  return posix
    .normalize(path)
    .replace(/^src\//, '')
    .replace(/(\.test)?\.(ts|tsx|mts|js)$/, '');
}

/** The most specific rule for a unit: the one with the most path parts. */
function ruleOf(unit: string): FolderRule | undefined {
  return folderRules
    .filter(({ folder }) => within(unit, folder))
    .toSorted((left, right) => parts(right.folder) - parts(left.folder))[0];
}

/** Two units belong together when one rule covers both with the same names for its wildcards. */
function sameUnit(from: string, to: string, rule: FolderRule): boolean {
  if (ruleOf(to)?.folder !== rule.folder) return false;
  const depth = parts(rule.folder);
  return from.split('/').slice(0, depth).join('/') === to.split('/').slice(0, depth).join('/');
}

/** Whether a unit is a folder's own or lies in it; `*` in the folder stands for one part. */
function within(unit: string, folder: string): boolean {
  const names = unit.split('/');
  return folder.split('/').every((part, at) => {
    const name = names[at];
    return name !== undefined && (part === '*' || part === name);
  });
}

function parts(folder: string): number {
  return folder.split('/').length;
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.');
}

if (import.meta.main) {
  const { violations, files } = checkImports(process.cwd());
  runCheck('import table', { violations: [...violations, ...findIdleRules(process.cwd())], files });
}
