import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  findProgram,
  LOAD_MS_EXACT,
  type RunningProgram,
} from '../../../src/local-provider/loaded-files/running-program.ts';
import { hostClock } from '../../../src/daemon/host-clock.ts';
import { until } from '../../place/until.ts';

/** Loading files takes well under a second, also on a busy machine. */
const ASK_AGAIN_MS = 5_000;

/** A real server of a test: its files lie in `etc` of its folder, its pid in `pid`. */
export class LoadedPlace {
  readonly #root: string;
  readonly #program: string;

  constructor(root: string, program: string) {
    this.#root = root;
    this.#program = program;
  }

  running(): RunningProgram | undefined {
    return findProgram(join(this.#root, 'pid'), this.#program, hostClock());
  }

  /** Starts it, or makes it load its files, and waits until it has. */
  async load(start: readonly string[], signal: NodeJS.Signals): Promise<void> {
    const before = this.running();
    if (before === undefined) run(start);
    let asksAt = 0;
    const loaded = await until(`${this.#program} loads its files`, async () => {
      const now = this.running();
      if (now?.load !== before?.load) return now;
      // A program that is just starting anew does not hear its signal.
      if (now !== undefined && Date.now() >= asksAt) {
        process.kill(now.pid, signal);
        asksAt = Date.now() + ASK_AGAIN_MS;
      }
      return undefined;
    });
    // What is changed within the same tick of the clock cannot be told from what was loaded.
    await until('the clock has moved on', async () =>
      Date.now() > loaded.loadedMs + 2 * LOAD_MS_EXACT ? true : undefined,
    );
  }

  /** Ends it at once. */
  async end(): Promise<void> {
    const { pid } = this.running() ?? {};
    if (pid === undefined) return;
    process.kill(pid, 'SIGTERM');
    await until(`${this.#program} has ended`, async () =>
      this.running() === undefined ? true : undefined,
    );
  }
}

/** Counts a disturbance and makes the program load its files, as an operator's script would. */
export function countedReload(root: string, signal: string): readonly string[] {
  const line = `echo reloaded >> ${root}/restarts && kill -${signal} "$(cat ${root}/pid)"`;
  return ['sh', '-c', line];
}

function run([program = '', ...words]: readonly string[]): void {
  const ran = spawnSync(program, words, { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${program} exited ${ran.status}: ${ran.stderr}`);
}
