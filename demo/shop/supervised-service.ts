import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ServiceName } from './layout.ts';

/** What the supervisor says of one service. `dead`: it ended although nobody asked it to. */
export type ServiceState = {
  readonly state: 'running' | 'dead' | 'stopped';
  readonly pid: number | undefined;
};

/** One service under supervision. */
export type SupervisedService = {
  /** Starts it, or replaces the process that runs; resolves when the new one accepts. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly status: () => ServiceState;
};

/** Loading OpenTelemetry on a busy two-core machine takes a second or two. */
const startTimeoutMs = 15_000;
/** A service drains for one second; what is left after two has hung. */
const stopTimeoutMs = 2_000;

/**
 * Supervises one service as a process of its own. A process that ends by itself stays dead until
 * `restart`: whoever runs the shop decides, and the tour needs a dead process to stay dead.
 * Calls are serialized, so a restart never meets another half-way.
 */
export function superviseService(root: string, name: ServiceName): SupervisedService {
  let current: ChildProcess | undefined;
  let asked = false;
  let turn: Promise<void> = Promise.resolve();

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };

  const restart = async (): Promise<void> => {
    const next = launch(root, name);
    try {
      await next.loaded;
      if (current) await endProcess(current);
      await next.ready;
    } catch (error) {
      next.child.kill('SIGKILL');
      throw error;
    }
    current = next.child;
    asked = false;
  };

  return {
    restart: () => inTurn(restart),
    stop: () =>
      inTurn(async () => {
        asked = true;
        if (current) await endProcess(current);
      }),
    status: () => {
      const isRunning = current !== undefined && !hasEnded(current);
      if (isRunning) return { state: 'running', pid: current?.pid };
      return { state: asked || current === undefined ? 'stopped' : 'dead', pid: undefined };
    },
  };
}

type Launch = {
  readonly child: ChildProcess;
  readonly loaded: Promise<void>;
  readonly ready: Promise<void>;
};

function launch(root: string, name: ServiceName): Launch {
  const log = openSync(join(root, 'log', `${name}.log`), 'a');
  const script = join(import.meta.dirname, `${name}.ts`);
  const child = spawn(process.execPath, [script, root], {
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
