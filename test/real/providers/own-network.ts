import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ownNamespace, removeNamespace } from '../../place/own-namespace.ts';
import { hostProgram } from '../host-program.ts';

/** Says that the process is in a namespace of its own already. */
const MARK = 'LASTGOOD_OWN_NETWORK';

/** A program that the tests need, and the Debian package that has it. */
export type Needed = readonly [program: string, debianPackage: string];

/**
 * Runs `body` in a network namespace that leads nowhere: the test file begins once more in it, so
 * that the host runner stands where the commands of its providers are to work.
 */
export function inOwnNetwork(name: string, needed: readonly Needed[], body: () => void): void {
  if (process.env[MARK] !== undefined) {
    body();
    return;
  }
  test(`${name}, in a network of its own`, async (context) => {
    if (!mayHaveNetwork(context)) return;
    if (needed.some(([program, from]) => hostProgram(context, program, from) === undefined)) return;
    const namespace = ownNamespace('lgp', name.replaceAll(' ', '-'));
    try {
      await runIn(namespace, context);
    } finally {
      removeNamespace(namespace);
    }
  });
}

function mayHaveNetwork(context: TestContext): boolean {
  if (process.geteuid?.() === 0 && hostProgram(context, 'ip', 'iproute2') !== undefined)
    return true;
  const reason = 'only root may make a network namespace';
  if (process.env['CI'] === 'true') throw new Error(reason);
  context.skip(`SKIPPED: ${reason}`);
  return false;
}

async function runIn(namespace: string, context: TestContext): Promise<void> {
  const file = process.argv[1] ?? '';
  const env: NodeJS.ProcessEnv = { ...process.env, [MARK]: namespace };
  // The inner run reports by its own output, not as a part of this one.
  delete env['NODE_TEST_CONTEXT'];
  const command = ['netns', 'exec', namespace, process.execPath, '--test', file];
  const child = spawn('ip', command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  context.signal.addEventListener('abort', () => child.kill('SIGKILL'));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  assert.equal(code, 0, said);
  assert.match(said, /^ℹ pass [1-9]\d*$|^# pass [1-9]\d*$/m, said);
}

/** Runs commands of a shell in the namespace, as somebody else would; all must succeed. */
export function byHand(script: string): void {
  execFileSync('sh', ['-ec', script], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/**
 * Puts itself before a program of the PATH: that one never ends, with a child that does not
 * either, from `hang` on, and is the real one until then. Tells its process ids in `<root>/pids`.
 */
export class StuckProgram {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lastgood-stuck-'));

  constructor(program: string) {
    const real = execFileSync('sh', ['-c', `command -v ${program}`])
      .toString()
      .trim();
    const path = join(this.#folder, program);
    const script = `#!/bin/sh
[ -e ${this.#folder}/root ] || exec ${real} "$@"
pids=$(cat ${this.#folder}/root)/pids
echo $$ >> "$pids"
sleep 600 &
echo $! >> "$pids"
wait
`;
    writeFileSync(path, script);
    chmodSync(path, 0o755);
    process.env['PATH'] = `${this.#folder}:${process.env['PATH'] ?? ''}`;
  }

  async hang(root: string): Promise<void> {
    await writeFile(join(this.#folder, 'root'), root);
  }

  async answer(): Promise<void> {
    rmSync(join(this.#folder, 'root'), { force: true });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
