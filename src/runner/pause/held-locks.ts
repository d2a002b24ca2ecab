import { spawn, type ChildProcess } from 'node:child_process';

/** Said once the lock is ours; then it is held for as long as our end of the pipe is open. */
const HOLD = ['sh', '-c', 'echo held; exec cat >/dev/null'];

interface Lock {
  readonly child: ChildProcess;
  state: 'wanted' | 'held' | 'failed';
}

/**
 * Locks of files that others take before they write, by flock(1): each by a process that lives
 * until we let go or die, however we do, so no lock outlives its reason.
 */
export class HeldLocks {
  readonly #locks = new Map<string, Lock>();
  readonly #env: Readonly<Record<string, string>>;

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  /** Goes on to have exactly these; answers whether they are all held by now. */
  hold(paths: readonly string[]): boolean {
    for (const [path, { child }] of this.#locks) {
      if (!paths.includes(path)) this.#drop(path, child);
    }
    for (const path of paths) if (!this.#locks.has(path)) this.#take(path);
    return paths.every((path) => this.#locks.get(path)?.state === 'held');
  }

  #take(path: string): void {
    const child = spawn('flock', ['--exclusive', path, ...HOLD], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: this.#env,
    });
    const lock: Lock = { child, state: 'wanted' };
    this.#locks.set(path, lock);
    child.stdout?.once('data', () => (lock.state = 'held'));
    // It ends while we live: what was held is taken anew; what cannot be had is left.
    const gone = (): void => {
      if (lock.state === 'held') this.#locks.delete(path);
      else lock.state = 'failed';
    };
    child.once('error', gone);
    child.once('exit', gone);
    child.stdin?.on('error', () => undefined);
  }

  #drop(path: string, child: ChildProcess): void {
    this.#locks.delete(path);
    child.removeAllListeners('exit');
    child.stdin?.destroy();
    // One that still waits for the lock does not read its input.
    child.kill('SIGKILL');
  }
}
