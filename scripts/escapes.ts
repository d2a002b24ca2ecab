import type { ProjectFile } from './project-files.ts';
import { lineOf, scanSource } from './source-text.ts';

/**
 * The ratchet: counts the places where a check is told to look away. `escapes.json` holds the
 * counts reached so far; they may fall, never rise. `any` and `!` are not counted, because oxlint
 * forbids them outright. Decoders are free to cast: turning `unknown` into a type is their work
 * and each of them is property-tested.
 */

/** A cast, told from `as const` and from the renames of imports by what follows the word. */
const castPattern = new RegExp(
  String.raw`(?<![\w$.])as\s+(?:[{([A-Z]|` +
    'unknown|never|string|number|bigint|boolean|symbol|object|readonly|keyof|typeof)',
  'g',
);

/** Escapes that live in comments. */
const commentPatterns = {
  typeSuppression: /@ts-(?:expect-error|ignore|nocheck)/g,
  lintSuppression: /(?:ox|es)lint-disable/g,
} as const;

const escapeKinds = ['cast', 'typeSuppression', 'lintSuppression'] as const;

/** A kind of escape. */
export type EscapeKind = (typeof escapeKinds)[number];

/** How many escapes of each kind the project holds. */
export type EscapeCounts = Readonly<Record<EscapeKind, number>>;

/** Where one escape stands. */
export interface Escape {
  readonly kind: EscapeKind;
  readonly path: string;
  readonly line: number;
}

/** Finds every escape outside decoders and tests. */
export function findEscapes(files: readonly ProjectFile[]): readonly Escape[] {
  return files.filter(({ path }) => isCounted(path)).flatMap(escapesOf);
}

function isCounted(path: string): boolean {
  return !/\.test\.tsx?$/.test(path) && !/(^|[/-])(decode|decoder|codec)[^/]*\.ts$/.test(path);
}

function escapesOf(file: ProjectFile): readonly Escape[] {
  const { code, comments } = scanSource(file.text);
  const withoutRenames = code.replaceAll(
    /(?:import|export)\s+(?:type\s+)?(?:[\w$]+\s*,\s*)?(?:\*\s+as\s+[\w$]+|\{[^}]*\})/g,
    (clause) => clause.replaceAll(/[^\n]/g, ' '),
  );
  const found: Escape[] = [];
  const add = (kind: EscapeKind, offset: number): void => {
    found.push({ kind, path: file.path, line: lineOf(file.text, offset) });
  };
  for (const match of withoutRenames.matchAll(castPattern)) add('cast', match.index);
  for (const kind of ['typeSuppression', 'lintSuppression'] as const) {
    for (const { value, start } of comments) {
      for (const match of value.matchAll(commentPatterns[kind])) add(kind, start + match.index);
    }
  }
  return found;
}

/** Counts escapes by kind. */
export function countEscapes(escapes: readonly Escape[]): EscapeCounts {
  const counts = { cast: 0, typeSuppression: 0, lintSuppression: 0 };
  for (const { kind } of escapes) counts[kind] += 1;
  return counts;
}

/** Compares with the counts reached so far; a lower count must be written down at once. */
export function compareEscapes(
  escapes: readonly Escape[],
  reached: EscapeCounts,
): readonly string[] {
  const counts = countEscapes(escapes);
  return escapeKinds.flatMap((kind) => {
    const [count, allowed] = [counts[kind], reached[kind]];
    if (count === allowed) return [];
    if (count < allowed) {
      return [
        `scripts/escapes.json:1 allows ${allowed} of ${kind}, only ${count} are left; ` +
          'write the lower count down: node scripts/check-tidy.ts --lower.',
      ];
    }
    const places = escapes.filter((escape) => escape.kind === kind);
    return [
      `scripts/escapes.json:1 allows ${allowed} of ${kind}, found ${count}: ` +
        `${summarize(places)}; parse or narrow instead.`,
    ];
  });
}

/** The counts that fell, taken over; one that rose stays as it was and fails the check. */
export function lowerCounts(now: EscapeCounts, reached: EscapeCounts): EscapeCounts {
  const lower = (kind: EscapeKind): number => Math.min(now[kind], reached[kind]);
  return {
    cast: lower('cast'),
    typeSuppression: lower('typeSuppression'),
    lintSuppression: lower('lintSuppression'),
  };
}

/** Reads the counts of a parsed `escapes.json`; throws when a kind is missing. */
export function decodeCounts(parsed: unknown): EscapeCounts {
  const count = (kind: EscapeKind): number => {
    const members = Object.entries(parsed ?? {});
    const value: unknown = members.find(([name]) => name === kind)?.[1];
    if (typeof value !== 'number') throw new Error(`escapes.json: "${kind}" must be a number`);
    return value;
  };
  return {
    cast: count('cast'),
    typeSuppression: count('typeSuppression'),
    lintSuppression: count('lintSuppression'),
  };
}

/** The files with the most escapes first; a dozen are enough to see where they came from. */
function summarize(places: readonly Escape[]): string {
  const byFile = Map.groupBy(places, ({ path }) => path);
  return [...byFile]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .slice(0, 12)
    .map(([path, found]) => `${path}:${found.map(({ line }) => line).join(',')}`)
    .join(' ');
}
