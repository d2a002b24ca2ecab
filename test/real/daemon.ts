import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const executable = join(import.meta.dirname, '..', '..', 'bin', 'lastgood');

/** Promised are three seconds; a machine that installs packages beside it needs longer. */
const readyTimeoutMs = 60_000;

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
      daemon = spawn(program, [...words, executable, 'up', ...place], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      daemon.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
      await untilReady(daemon);
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

async function untilReady(daemon: ChildProcess): Promise<void> {
  const words: string[] = [];
  daemon.stderr?.on('data', (chunk: Buffer) => words.push(chunk.toString('utf8')));
  const timer = setTimeout(() => daemon.kill('SIGKILL'), readyTimeoutMs);
  if (daemon.stdout !== null) {
    for await (const line of createInterface({ input: daemon.stdout })) {
      if (line.startsWith('ready ')) break;
    }
  }
  clearTimeout(timer);
  if (daemon.exitCode !== null || daemon.signalCode !== null) {
    throw new Error(`lastgood up did not become ready:\n${words.join('').slice(-4000)}`);
  }
  daemon.stdout?.resume();
}

async function run(
  words: readonly string[],
  onPrinted: (value: unknown) => void = () => undefined,
): Promise<CommandEnd> {
  const child = spawn(process.execPath, [executable, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: commandTimeoutMs,
  });
  const printed: unknown[] = [];
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  let unread = '';
  for await (const line of createInterface({ input: child.stdout })) {
    unread += line;
    const value = parse(unread);
    if (value === undefined) continue;
    unread = '';
    printed.push(value);
    onPrinted(value);
  }
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  return { code: Number(code ?? -1), printed, complaint };
}

/** The value of a text, if it is a whole one. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A member of something that was printed. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/** Ports that nobody listens on now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    if (bound !== null && typeof bound === 'object') ports.push(bound.port);
  }
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** Asks until the answer is there; the time is how long the whole thing may take at worst. */
export async function until<Answer>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<Answer | undefined>,
): Promise<Answer> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
