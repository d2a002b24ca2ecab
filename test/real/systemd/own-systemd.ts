import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { until } from '../../place/until.ts';
import { hostProgram } from '../host-program.ts';

/** A systemd that is process 1 of its own PID namespace, and gone after the test. */
export interface OwnSystemd {
  /** Runs the words after these in its namespaces. */
  readonly within: readonly string[];
  /** Its systemctl; answers what that prints. */
  systemctl(...words: readonly string[]): string;
  /** What `systemctl show` says of a unit. */
  show(unit: string, property: string): string;
  /** It has none of the host's, not even targets, so by itself a unit depends on nothing. */
  addUnit(name: string, text: string): void;
}

const TREES = ['', 'systemd', 'unified', 'memory', 'pids', 'devices', 'cpu', 'cpuacct', 'blkio'];

/**
 * Starts one that may write below `folder` and nowhere else; where none can be the test is skipped,
 * which fails in a pipeline.
 */
export async function ownSystemd(t: TestContext, folder: string): Promise<OwnSystemd | undefined> {
  const systemctl = hostProgram(t, 'systemctl', 'systemd');
  const unshare = hostProgram(t, 'unshare', 'util-linux');
  if (systemctl === undefined || unshare === undefined) return undefined;
  if (process.getuid?.() !== 0) return skipped(t, 'a PID namespace needs root');
  const group = `lastgood-test-${process.pid}`;
  const script = join(import.meta.dirname, 'pid-one.sh');
  const child = spawn(unshare, ['--mount', 'sh', script, group, folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += String(chunk)));
  const ended = once(child, 'exit');
  t.after(async () => {
    // With its first process the whole namespace ends.
    child.kill('SIGKILL');
    await ended;
    for (const tree of TREES) {
      const own = join('/sys/fs/cgroup', tree, group);
      await until('the end of all in its groups', async () => removeGroups(own));
    }
  });
  const first = await until('its first process', async () =>
    child.exitCode === null ? firstProcessOf(child.pid ?? 0) : 'none',
  );
  if (first === 'none') return skipped(t, `systemd does not start here: ${complaint}`);
  const within = ['sh', join(import.meta.dirname, 'beside.sh'), `${first}`];
  const run = (...words: readonly string[]): string => {
    const [program = '', ...rest] = [...within, systemctl, '--no-pager', ...words];
    return execFileSync(program, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };
  await until('that it is up', async () => run('is-active', 'quiet.target'));
  return {
    within,
    systemctl: run,
    show: (unit, property) => run('show', '--value', `--property=${property}`, unit).trim(),
    addUnit(name, text) {
      const path = `/proc/${first}/root/run/systemd/system/${name}`;
      writeFileSync(path, `[Unit]\nDefaultDependencies=no\n${text}`);
    },
  };
}

function skipped(t: TestContext, reason: string): undefined {
  if (process.env['CI'] === 'true') throw new Error(reason);
  t.skip(`SKIPPED: ${reason}`);
  return undefined;
}

/** systemd, once the shell and `unshare` have become it. */
function firstProcessOf(pid: number): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  if (!/^\d+$/.test(children)) return undefined;
  const name = readFileSync(`/proc/${children}/comm`, 'utf8').trim();
  return name === 'systemd' ? Number(children) : undefined;
}

/** Groups are empty folders to whoever removes them; undefined while somebody is in one. */
function removeGroups(group: string): true | undefined {
  if (!existsSync(group)) return true;
  try {
    for (const entry of readdirSync(group, { withFileTypes: true })) {
      if (entry.isDirectory()) removeGroups(join(group, entry.name));
    }
    rmdirSync(group);
    return true;
  } catch {
    return undefined;
  }
}
