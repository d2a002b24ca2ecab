import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { until } from '../place/until.ts';
import { hostProgram } from './host-program.ts';

const JOURNALD = '/lib/systemd/systemd-journald';

/** A systemd-journald of one test, whose journal nobody else reads or writes. */
export interface OwnJournald {
  /** The folder with its journal files. */
  readonly journal: string;
  /** Where it keeps other logs: its `/var/log`. */
  readonly logs: string;
  /** Words before a command that is to run where that journald is the system's. */
  within(): readonly string[];
  /** Runs a program of the host there. */
  run(command: readonly string[], input?: string): void;
  /** Ends it, and starts another one on the same files. */
  restart(signal: NodeJS.Signals): Promise<void>;
  /** Has it rotate its files. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a journald in a mount namespace of its own, where `/run` and `/var/log` lie in `folder`;
 * undefined, and the test is skipped with the reason, where that cannot be.
 */
export async function ownJournald(
  test: TestContext,
  folder: string,
): Promise<OwnJournald | undefined> {
  if (hostProgram(test, 'journalctl', 'systemd') === undefined) return undefined;
  if (process.getuid?.() !== 0) return skipped(test, 'only root may make a mount namespace');
  const [run, log] = [join(folder, 'run'), join(folder, 'log')];
  await fs.mkdir(join(run, 'systemd', 'journal'), { recursive: true });
  await fs.mkdir(join(run, 'log', 'journal'), { recursive: true });
  await fs.mkdir(log);
  const begin = (): ChildProcess => {
    const mounts = `mount --bind ${run} /run && mount --bind ${log} /var/log && exec ${JOURNALD}`;
    return spawn('unshare', ['--mount', 'sh', '-c', mounts], { stdio: 'ignore' });
  };
  let child = begin();
  const machine = (await fs.readFile('/etc/machine-id', 'utf8')).trim();
  const journal = join(run, 'log', 'journal', machine);
  const isUp = () =>
    until('journald makes its journal', async () => {
      const socket = await fs
        .stat(join(run, 'systemd', 'journal', 'stdout'))
        .catch(() => undefined);
      const names = await fs.readdir(journal).catch((): string[] => []);
      return socket !== undefined && names.includes('system.journal') ? true : undefined;
    });
  try {
    await isUp();
  } catch (error) {
    child.kill('SIGKILL');
    return skipped(test, `journald does not start here: ${String(error)}`);
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const within = (): readonly string[] => ['--target', String(child.pid), '--mount'];
  return {
    journal,
    logs: log,
    within: () => ['nsenter', ...within()],
    run(command, input = '') {
      const words = [...within(), ...command];
      const { status, stderr } = spawnSync('nsenter', words, { input, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
    },
    async restart(signal) {
      await end(signal);
      await fs.rm(join(run, 'systemd', 'journal', 'stdout'), { force: true });
      child = begin();
      await isUp();
    },
    async rotate() {
      const before = (await fs.readdir(journal)).length;
      child.kill('SIGUSR2');
      await until('journald rotates', async () =>
        (await fs.readdir(journal)).length > before ? true : undefined,
      );
    },
    stop: () => end('SIGTERM'),
  };
}

function skipped(test: TestContext, reason: string): undefined {
  if (process.env['CI'] === 'true') throw new Error(reason);
  test.skip(`SKIPPED: ${reason}`);
  return undefined;
}
