import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { layoutFile, readLayout } from '../../shop/layout.ts';

/** A shop that runs. */
export type RunningShop = {
  /** The supervisor's process id; the services are its children. */
  readonly pid: number;
  /** Stops the services and the supervisor. Stopping twice is stopping once. */
  readonly stop: () => Promise<void>;
};

/** Four services that load OpenTelemetry at once, on a busy machine. */
const startTimeoutMs = 40_000;

/**
 * Starts the supervisor of the shop in `root` in a process group of its own and resolves when all
 * services accept. The shop ends when asked, and also when this process ends, however it ends.
 */
export async function startShop(root: string): Promise<RunningShop> {
  readLayout(root);
  const log = openSync(join(root, 'log', 'supervisor.log'), 'a');
  const program = join(import.meta.dirname, '..', '..', 'shop', 'supervisor.ts');
  const child = spawn(process.execPath, [program, root, '--with-starter'], {
    stdio: ['pipe', 'pipe', log],
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const where = `see the logs beside ${layoutFile(root)}`;
    const timer = setTimeout(() => reject(new Error(`the shop is slow, ${where}`)), startTimeoutMs);
    const output = child.stdout ?? Readable.from([]);
    createInterface({ input: output }).once('line', (line) => {
      clearTimeout(timer);
      if (line === 'ready') resolve();
      else reject(new Error(`the shop did not start (${line}), ${where}`));
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the shop did not start (${code}), ${where}`));
    });
  });
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
