import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { systemCode } from './error.ts';

/** Of what a program says of itself; its last words say why it ended. */
const WORDS_KEPT = 1024;

/** A program at work that writes to us. */
export interface PipedProgram {
  /** What it writes; while nobody reads, the pipe between us is full and it waits. */
  readonly output: Readable;
  /** Ends it with all it started; what it wrote and was not read is dropped. Idempotent. */
  end(): void;
  /** Resolves with why it ended; by itself only when all it wrote was read. */
  readonly ended: Promise<string>;
}

/** Whether only its output broke off, which says nothing: the program may say why it ended. */
export function isBrokenOff(thrown: unknown): boolean {
  return systemCode(thrown) === 'ERR_STREAM_PREMATURE_CLOSE';
}

/**
 * Starts a program in a process group of its own, so that all of it can be ended, and in a clean
 * environment. `onWords` hears what it says of itself (standard error), the last of it each time.
 */
export function startPipedProgram(
  command: readonly string[],
  onWords: (said: string) => void = () => undefined,
): PipedProgram {
  const [program = '', ...words] = command;
  const { PATH = '/usr/local/bin:/usr/bin:/bin' } = process.env;
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    // Programs of the network often lie where only root's path leads.
    env: { PATH: `${PATH}:/usr/sbin:/sbin`, LC_ALL: 'C' },
  });
  // Nothing is ever written: that it closes tells the program that we are gone.
  child.stdin.on('error', () => undefined);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-WORDS_KEPT);
    onWords(said);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      const isMissing = systemCode(error) === 'ENOENT';
      const what = isMissing ? 'is not there; install it' : `cannot be started: ${error.message}`;
      resolve(`${program} ${what}`);
    });
    child.once('close', (code, signal) => {
      const how = `it ended ${signal === null ? `with code ${code}` : `by ${signal}`}`;
      resolve(said.trim().split('\n').at(-1) || how);
    });
  });
  return {
    output: child.stdout,
    end: () => {
      endGroup(child.pid);
      // Else an unread rest would keep `close` from coming.
      child.stdout.destroy();
    },
    ended,
  };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    // The negative number names the whole group: a shell and what it runs.
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of the group lives any more.
  }
}
