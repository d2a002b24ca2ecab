import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { presentProgram } from '../real/host-program.ts';
import { until } from './until.ts';

/** zebra first: the others reach the kernel through it. */
const DAEMONS = ['zebra', 'staticd', 'bgpd'] as const;

/** Both ends of a cable. */
const UP = ['ge0', 'ge1'].map((end) => ['link', 'set', end, 'up']);

/** Why no FRR can be started here; undefined when one can. */
export function frrLacks(): string | undefined {
  if (process.geteuid?.() !== 0) return 'a network namespace takes root';
  const needed = ['/usr/lib/frr/bgpd', '/usr/lib/frr/frr-reload.py', '/usr/bin/vtysh'];
  const missing = needed.find(
    (path) => presentProgram(path, 'frr', 'frr-pythontools') === undefined,
  );
  return missing === undefined ? undefined : 'apt-get install frr frr-pythontools';
}

/** A real FRR in a network namespace that leads nowhere; its folder gives it its name. */
export class FrrPlace {
  /** Of the namespace and of FRR's own places. */
  readonly name: string;
  readonly #root: string;
  readonly #run: string;

  constructor(root: string) {
    this.#root = root;
    this.name = `lga-${basename(dirname(root)).slice(-6)}`;
    this.#run = `/var/run/frr/${this.name}`;
  }

  /** Starts the daemons, if they do not run. */
  async start(): Promise<void> {
    if (existsSync(this.#run)) return;
    execFileSync('ip', ['netns', 'add', this.name]);
    // A neighbor that routes can lead to; nobody answers there.
    const cable = ['link', 'add', 'ge0', 'type', 'veth', 'peer', 'name', 'ge1'];
    for (const words of [cable, ['addr', 'add', '10.9.0.1/24', 'dev', 'ge0'], ...UP]) {
      execFileSync('ip', ['-n', this.name, ...words]);
    }
    await fs.mkdir(this.#run, { recursive: true });
    execFileSync('chown', ['frr:frr', this.#run]);
    await fs.mkdir(join(this.#root, 'etc'), { recursive: true });
    for (const daemon of DAEMONS) {
      const words = [`/usr/lib/frr/${daemon}`, '-N', this.name, '-A', '127.0.0.1', '-d'];
      execFileSync('ip', ['netns', 'exec', this.name, ...words], { stdio: 'ignore' });
    }
    await until('every daemon answers', async () => {
      const names = this.vtysh(['-c', 'show daemons']).stdout.trim().split(' ');
      return DAEMONS.every((daemon) => names.includes(daemon)) ? true : undefined;
    });
  }

  /** Takes lines one by one; those that are refused are passed over, as by a hasty colleague. */
  tell(lines: readonly string[]): void {
    const file = join(this.#root, 'told.conf');
    writeFileSync(file, `${lines.join('\n')}\n`);
    this.vtysh(['-f', file]);
  }

  vtysh(words: readonly string[]): { readonly stdout: string } {
    const { stdout } = spawnSync('vtysh', ['-N', this.name, ...words], { encoding: 'utf8' });
    return { stdout };
  }

  /** Ends what was started, by the numbers it wrote down itself. */
  async end(): Promise<void> {
    for (const daemon of DAEMONS) {
      const pid = readPid(join(this.#run, `${daemon}.pid`));
      if (pid === undefined) continue;
      process.kill(pid, 'SIGKILL');
      await until(`${daemon} has ended`, async () => (lives(pid) ? undefined : true));
    }
    rmSync(this.#run, { recursive: true, force: true });
    spawnSync('ip', ['netns', 'del', this.name]);
  }
}

function readPid(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function lives(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
