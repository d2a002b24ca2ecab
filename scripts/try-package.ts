import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Packs the product, installs it into an empty project elsewhere and uses it there: the command
 * line answers, each export loads, and the type declarations compile. Needs the npm registry.
 */

const root = join(import.meta.dirname, '..');

/** Packing builds the UI and installing fetches the query engine; beyond this it hangs. */
const commandTimeoutMs = 240_000;

function run(folder: string, program: string, args: readonly string[]): string {
  const { status, stdout, error } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: commandTimeoutMs,
  });
  if (error !== undefined) throw error;
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${String(status)}: ${stdout}`);
}

/** The names under which a user may import the package. */
function exportedNames(): readonly string[] {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const isObject = typeof manifest === 'object' && manifest !== null && 'exports' in manifest;
  const names = isObject ? Object.keys(manifest.exports ?? {}) : [];
  return names
    .filter((name) => name !== './package.json')
    .map((name) => name.replace(/^\./, 'lastgood'));
}

function tryIn(elsewhere: string): void {
  run(root, 'npm', ['pack', '--silent', '--pack-destination', elsewhere]);
  const [archive] = readdirSync(elsewhere).filter((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error('npm pack left no archive');
  writeFileSync(join(elsewhere, 'package.json'), '{"type":"module","private":true}');
  run(elsewhere, 'npm', ['install', '--silent', '--no-audit', '--no-fund', `./${archive}`]);
  console.log(`installed ${archive}`);

  const version = run(elsewhere, 'node', ['node_modules/lastgood/bin/lastgood', '--version']);
  console.log(`lastgood --version: ${version.trim()}`);
  run(elsewhere, 'node', ['node_modules/lastgood/bin/lastgood', 'config', 'schema']);
  console.log('lastgood config schema: answers');

  const names = exportedNames();
  if (names.length === 0) throw new Error('package.json exports nothing');
  const imports = names.map((name, index) => `import * as part${index} from '${name}';`);
  const uses = names.map((_, index) => `void part${index};`);
  writeFileSync(join(elsewhere, 'use.mts'), [...imports, ...uses, ''].join('\n'));
  run(elsewhere, 'node', ['use.mts']);
  console.log(`imports: ${names.join(', ')}`);
  const compile = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024'];
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules', '@types')];
  run(elsewhere, join(root, 'node_modules', '.bin', 'tsc'), [...compile, ...types, 'use.mts']);
  console.log('type declarations: compile without skipLibCheck');
}

const elsewhere = mkdtempSync(join(tmpdir(), 'lastgood-package-'));
try {
  tryIn(elsewhere);
} finally {
  rmSync(elsewhere, { recursive: true, force: true });
}
