import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { whenReady } from './daemon.ts';
import { printedBy } from './printed.ts';
import { EXECUTABLE } from './program.ts';

/** A rollback waits out its confirm deadline at most. */
const commandTimeoutMs = 120_000;

/** How a command ended and what it printed, one decoded JSON value for each document or line. */
export interface CommandEnd {
  readonly code: number;
  readonly printed: readonly unknown[];
  readonly complaint: string;
}

/** A folder of one test, with a daemon in it as a user would start it. */
export interface RealDaemon {
  readonly folder: string;
  /**
   * Starts `lastgood up` with this configuration; `PORT_…` words become free ports. `within`: a
   * command that runs the words after it, such as `nsenter`.
   */
  start(yaml: string, within?: readonly string[]): Promise<void>;
  /** Runs a command against it, with `--json`. */
  run(words: readonly string[], onPrinted?: (value: unknown) => void): Promise<CommandEnd>;
  /** Ends the daemon as a service manager would; it can be started again. */
  end(): Promise<void>;
  /** How the daemon ended, and what it complained of; waits for it. */
  ended(): Promise<Omit<CommandEnd, 'printed'>>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes the folder; everything in it, and the daemon, is gone after the test. */
export async function realDaemon(): Promise<RealDaemon> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'lastgood-real-'));
  const config = join(folder, 'lastgood.yaml');
  const place = ['--config', config, '--data', join(folder, 'data')];
  let daemon: ChildProcess | undefined;
  let complaint = '';
  const end = async (): Promise<void> => {
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    await ended;
  };
  return {
    folder,
    end,
    async start(yaml, within = []) {
      await fs.writeFile(config, yaml);
      const [program = process.execPath, ...words] = [...within, process.execPath];
      daemon = spawn(program, [...words, EXECUTABLE, 'up', ...place], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      daemon.stderr?.on('data', (chunk: Buffer) => (complaint += String(chunk)));
      await whenReady(daemon);
    },
    async ended() {
      if (daemon === undefined) throw new Error('no daemon was started');
      if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, 'exit');
      return { code: daemon.exitCode ?? -1, complaint };
    },
    run: (words, onPrinted) => run([...words, ...place, '--json'], onPrinted),
    async [Symbol.asyncDispose]() {
      await end();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

async function run(
  words: readonly string[],
  onPrinted?: (value: unknown) => void,
): Promise<CommandEnd> {
  const child = spawn(process.execPath, [EXECUTABLE, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: commandTimeoutMs,
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += String(chunk)));
  const printed = await printedBy(child.stdout, onPrinted);
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  return { code: Number(code ?? -1), printed, complaint };
}

/** A member of something that was printed. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
