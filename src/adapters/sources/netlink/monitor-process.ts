import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** The program that writes messages, at work. */
export interface MonitorProcess {
  /** Stops and goes on reading: while the store is slow, messages wait in the pipe. */
  pause(): void;
  resume(): void;
  /** Ends it with all it started; what it wrote and was not read is dropped. Idempotent. */
  end(): void;
  /** Resolves with its last words once it has ended; by itself only when all it wrote was read. */
  readonly ended: Promise<string>;
}

/** What it tells. */
export interface MonitorListener {
  onBytes(bytes: Uint8Array): void;
  /** The kernel dropped messages because they were not fetched in time; told once. */
  onLoss(): void;
}

/** The last words say why it ended. */
const WORDS_KEPT = 400;

/** What rtmon writes when the kernel's queue for it overflowed (ENOBUFS, iproute2 libnetlink.c). */
const LOSS = /No buffer space available/;

/** A clean environment: nothing of our own reaches the program. */
const ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** Starts the program in a process group of its own, so that all of it can be ended. */
export function startMonitor(
  command: readonly string[],
  listener: MonitorListener,
): MonitorProcess {
  const [program = '', ...words] = command;
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: ENV,
  });
  // Nothing is ever written: that it closes tells the program that we are gone.
  child.stdin.on('error', () => undefined);
  let said = '';
  let hasLost = false;
  child.stdout.on('data', (chunk: Buffer) => listener.onBytes(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8');
    said = (said + text).slice(-WORDS_KEPT);
    if (hasLost || !LOSS.test(said)) return;
    hasLost = true;
    listener.onLoss();
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      resolve(said.trim() || `it ended ${signal === null ? `with code ${code}` : `by ${signal}`}`);
    });
  });
  return {
    pause: () => void child.stdout.pause(),
    resume: () => void child.stdout.resume(),
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
    // The negative number names the whole group: the shell, rtmon and cat.
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of the group lives any more.
  }
}
