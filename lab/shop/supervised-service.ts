import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName, ShopLayout } from './layout.ts';

/** One service under supervision. */
export type SupervisedService = {
  /** Starts it unless it runs; resolves when it accepts. */
  readonly start: () => Promise<void>;
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
 * started: whoever runs the lab decides, and a killed process must stay killed.
 * Calls are serialized, so a start never meets a stop half-way.
 */
export function superviseService(layout: ShopLayout, name: ServiceName): SupervisedService {
  let current: ChildProcess | undefined;
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };
  const isRunning = (): boolean => current !== undefined && !hasEnded(current);
  return {
    start: () =>
      inTurn(async () => {
        if (isRunning()) return;
        const child = launch(layout, name);
        current = child;
        await untilReady(child).catch((error: unknown) => {
          child.kill('SIGKILL');
          throw error;
        });
      }),
    stop: () =>
      inTurn(async () => {
        if (current) await endProcess(current);
      }),
    pid: () => (isRunning() ? current?.pid : undefined),
  };
}

function launch({ root, launchers }: ShopLayout, name: ServiceName): ChildProcess {
  const log = openSync(join(root, 'log', `${name}.log`), 'a');
  const service = join(import.meta.dirname, `${name}.ts`);
  const [program = '', ...words] = [...launchers[name], process.execPath, service, root];
  const child = spawn(program, words, {
    stdio: ['pipe', log, log, 'pipe'],
    env: { ...process.env, SHOP_READY_FD: '3' },
  });
  closeSync(log);
  return child;
}

/** Resolves when the child says `ready` on descriptor 3; rejects when it ends or stays silent. */
function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`was not ready within ${startTimeoutMs} ms, see its log`)),
      startTimeoutMs,
    );
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    child.stdio[3]?.once('data', () => end(resolve));
    child.once('error', (error) => end(() => reject(error)));
    child.once('exit', (code, signal) =>
      end(() => reject(new Error(`ended with ${signal ?? code} before it was ready, see its log`))),
    );
  });
}

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
