import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { logFile } from './layout.ts';
import type { ShopLayout } from './layout.ts';

/** One service under supervision. */
export type SupervisedService = {
  /** Starts it unless it runs; resolves when it accepts. */
  readonly start: () => Promise<void>;
  /** Starts it, or replaces the process that runs; resolves when the new one accepts. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** The process that runs; undefined when there is none. */
  readonly pid: () => number | undefined;
};

/** Loading OpenTelemetry takes seconds when a busy machine starts all four at once. */
const startTimeoutMs = 20_000;
/** A service drains for one second; what is left after two has hung. */
const stopTimeoutMs = 2_000;

/**
 * Supervises one service as a process of its own. One that ends by itself stays dead until it is
 * started: whoever runs the shop decides, and a killed process must stay killed.
 * Calls are serialized, so a start never meets a stop half-way.
 */
export function superviseService(layout: ShopLayout, name: string): SupervisedService {
  let current: ChildProcess | undefined;
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };
  const isRunning = (): boolean => current !== undefined && !hasEnded(current);
  /** The old one goes only once the new one wants nothing but its port. */
  const replace = async (): Promise<void> => {
    const next = launch(layout, name);
    try {
      await next.loaded;
      if (current) await endProcess(current);
      await next.ready;
    } catch (error) {
      next.child.kill('SIGKILL');
      throw error;
    }
    current = next.child;
  };
  return {
    start: () => inTurn(async () => (isRunning() ? undefined : await replace())),
    restart: () => inTurn(replace),
    stop: () =>
      inTurn(async () => {
        if (current) await endProcess(current);
      }),
    pid: () => (isRunning() ? current?.pid : undefined),
  };
}

type Launch = {
  readonly child: ChildProcess;
  readonly loaded: Promise<void>;
  readonly ready: Promise<void>;
};

function launch({ root, programs, launchers }: ShopLayout, name: string): Launch {
  const log = openSync(logFile(root, name), 'a');
  const script = join(programs, `${name}.ts`);
  const [program = '', ...rest] = [...(launchers[name] ?? []), process.execPath, script, root];
  const child = spawn(program, rest, {
    stdio: ['pipe', log, log, 'pipe'],
    env: { ...process.env, SHOP_READY_FD: '3' },
  });
  closeSync(log);
  const words = wordsOf(child);
  return { child, loaded: words('loaded'), ready: words('ready') };
}
/** Resolves when the child says a word on descriptor 3; rejects when it ends or stays silent. */
function wordsOf(child: ChildProcess): (word: string) => Promise<void> {
  let said = '';
  const listeners = new Set<() => void>();
  const pipe: unknown = child.stdio[3];
  if (isReadable(pipe)) {
    pipe.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      for (const listener of listeners) listener();
    });
  }
  return (word) => {
    const heard = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`was not ${word} within ${startTimeoutMs} ms`)),
        startTimeoutMs,
      );
      const look = (): void => {
        if (!said.includes(`${word}\n`)) return;
        clearTimeout(timer);
        resolve();
      };
      listeners.add(look);
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        reject(new Error(`ended with ${signal ?? code} before it was ${word}, see its log`));
      });
    });
    // Whoever waits for `loaded` first must not see `ready` fail unobserved.
    heard.catch(() => undefined);
    return heard;
  };
}

const isReadable = (value: unknown): value is Readable =>
  typeof value === 'object' && value !== null && 'on' in value;

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;

function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
