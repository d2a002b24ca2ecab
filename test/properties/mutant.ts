import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Proof, Safeguard } from './property.ts';

/** What tests import; the installed packages are only linked. */
const COPIED = ['bin', 'src', 'test', 'scripts', 'architecture.ts', 'package.json'];

/** How long a test waits for what a safeguard would have brought about; else it waits longer. */
const IN_VAIN_MS = '15000';

/** A test of this suite takes seconds; on a machine with much else to do, many of them. */
const TEST_MS_MAX = 150_000;

/** How a single test went; `no such test` also where its file does not load. */
export type Outcome = 'passed' | 'failed' | 'skipped' | 'no such test';

/** A copy of the project where safeguards are taken away, one at a time. */
export class Mutant {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async make(project: string): Promise<Mutant> {
    const root = await mkdtemp(join(tmpdir(), 'lastgood-properties-'));
    await mkdir(root, { recursive: true });
    for (const name of COPIED) {
      await cp(join(project, name), join(root, name), { recursive: true });
    }
    await symlink(join(project, 'node_modules'), join(root, 'node_modules'));
    return new Mutant(root);
  }

  /** Runs a test with the project as it is. */
  run({ file, test }: Proof): Promise<Outcome> {
    return runTest(this.#root, file, test);
  }

  /** Runs a safeguard's test without the safeguard, and puts it back. */
  async runWithout({ file, line, without, proof }: Safeguard): Promise<Outcome> {
    const path = join(this.#root, file);
    const whole = await readFile(path, 'utf8');
    await writeFile(
      path,
      whole.replace(line, () => without),
    );
    try {
      const { file: of, test } = proof;
      return await runTest(this.#root, of, test, { LASTGOOD_TEST_WAIT_MS: IN_VAIN_MS });
    } finally {
      await writeFile(path, whole);
    }
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }
}

/** How often a text stands in another. */
export function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

async function runTest(
  root: string,
  file: string,
  name: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const pattern = `^${name.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)}$`;
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(
    process.execPath,
    ['--test', '--test-reporter=tap', '--test-name-pattern', pattern, file],
    {
      cwd: root,
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: TEST_MS_MAX,
    },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return outcomeIn(text, name);
}

/** Reads the one line of the report that is about the test; its file's own line says nothing. */
function outcomeIn(report: string, name: string): Outcome {
  const told = report.split('\n').map((line) => line.trim().replaceAll('\\#', '#'));
  const found = told.find((line) => line.replace(/^(not )?ok \d+ - /, '').startsWith(name));
  if (found === undefined || !/^(not )?ok \d+ - /.test(found)) return 'no such test';
  if (/# SKIP/.test(found)) return 'skipped';
  return found.startsWith('ok ') ? 'passed' : 'failed';
}
