import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCheck } from './check-result.ts';
import {
  compareEscapes,
  countEscapes,
  decodeCounts,
  findEscapes,
  lowerCounts,
  type EscapeCounts,
} from './escapes.ts';
import { readProject } from './project-files.ts';
import { judgeFile } from './tidy-rules.ts';

/**
 * Holds the source to the hard limits of `docs/style.md` and to the ratchet of `escapes.json`.
 * `--lower` writes down lower counts after a clean-up; it never raises one.
 */

const roots = ['bin', 'demo', 'lab', 'scripts', 'shop', 'src', 'test', 'web'];

/** Judges a project tree; the result lists violations and how many files were read. */
export function checkTidy(
  root: string,
  reached: EscapeCounts,
): { violations: readonly string[]; files: number } {
  const files = readTidyFiles(root);
  const violations = [...files.flatMap(judgeFile), ...compareEscapes(findEscapes(files), reached)];
  return { violations, files: files.length };
}

function readTidyFiles(root: string) {
  return readProject(root, roots, (path) => /\.(ts|tsx|mts|js|mjs|css|html)$/.test(path));
}

function main(): void {
  const root = process.cwd();
  const ratchet = join(root, 'scripts', 'escapes.json');
  let reached = decodeCounts(JSON.parse(readFileSync(ratchet, 'utf8')));
  if (process.argv.includes('--lower')) {
    reached = lowerCounts(countEscapes(findEscapes(readTidyFiles(root))), reached);
    writeFileSync(ratchet, `${JSON.stringify(reached, null, 2)}\n`);
  }
  runCheck('tidy', checkTidy(root, reached));
}

if (import.meta.main) main();
