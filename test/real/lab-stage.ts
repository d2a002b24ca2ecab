import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { hostProgram } from './host-program.ts';

/** The folder of the repository. */
export const root = join(import.meta.dirname, '..', '..');

/** Bringing up a stage takes longest; a command that does not end must not hold up the others. */
const commandTimeoutMs = 150_000;

/** How a command ended, and its output, or its complaint where it had none. */
export type Said = { readonly code: number | null; readonly said: string };

/** A stage of the lab, beside any other on this machine. */
export type LabStage = {
  readonly prefix: string;
  readonly folder: string;
  /** The words behind `node` that begin each command of the lab about this stage. */
  readonly program: readonly string[];
  readonly lab: (...words: readonly string[]) => Promise<Said>;
  /** A command of the lab that must succeed; resolves with what it said. */
  readonly done: (...words: readonly string[]) => Promise<string>;
  /** Runs a command in one of its namespaces, by the short name. */
  readonly inside: (namespace: string, ...words: readonly string[]) => Promise<Said>;
};

/** The stage of a prefix; nothing is made. */
export function labStage(prefix: string): LabStage {
  const program = [join(root, 'lab', 'main.ts'), '--prefix', prefix, '--json'];
  const lab: LabStage['lab'] = (...words) => run(process.execPath, ...program, ...words);
  return {
    prefix,
    folder: `/var/lib/lastgood-lab/${prefix}`,
    program,
    lab,
    done: async (...words) => {
      const { code, said } = await lab(...words);
      assert.equal(code, 0, said);
      return said;
    },
    inside: (namespace, ...words) => run('ip', 'netns', 'exec', `${prefix}-${namespace}`, ...words),
  };
}

/** Runs a program to its end, whatever that is. */
export async function run(program: string, ...words: readonly string[]): Promise<Said> {
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: commandTimeoutMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  await once(child, 'close');
  return { code: child.exitCode, said: output === '' ? complaint : output };
}

/** Whether the lab can be raised with these programs; else the test is skipped with the reason. */
export function canStage(
  test: TestContext,
  programs: readonly (readonly [name: string, debianPackage: string])[],
): boolean {
  if (process.getuid?.() !== 0) {
    const reason = 'network namespaces with servers in them need root';
    if (process.env['CI'] === 'true') throw new Error(reason);
    test.skip(`SKIPPED: ${reason}`);
    return false;
  }
  return programs.every(
    ([name, debianPackage]) => hostProgram(test, name, debianPackage) !== undefined,
  );
}
