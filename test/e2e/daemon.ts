import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const executable = join(import.meta.dirname, '..', '..', 'bin', 'lastgood');

/** Promised are three seconds; this one shares its machine with a browser. */
const READY_MS = 60_000;

/** Promised are ten seconds to drain and stop. */
const STOP_MS = 15_000;

/** A running `lastgood up`. */
export interface Daemon {
  /** The link that signs one browser in, as it was printed for people. */
  readonly signInUrl: Promise<string>;
  /** Ends it as a crash would. */
  readonly kill: () => Promise<void>;
  /** Ends it in good order; throws with its last words when it had ended by itself. */
  readonly stop: () => Promise<void>;
}

/** Starts the daemon; resolves when it says `ready`, fails with its words when it does not. */
export async function startDaemon(config: string, data: string): Promise<Daemon> {
  const child = spawn(process.execPath, [executable, 'up', '--config', config, '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DISPLAY: '' },
  });
  const words: string[] = [];
  child.stderr.on('data', (part: Buffer) => words.push(part.toString('utf8')));
  const signInUrl = firstMatch(child.stderr, /(http:\S+sign-in\?code=\S+)/);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await untilReady(child, words);
  return {
    signInUrl,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) {
        const how = child.signalCode ?? child.exitCode;
        throw new Error(`the daemon ended by itself with ${how}\n${lastOf(words)}`);
      }
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function lastOf(words: readonly string[]): string {
  return words.join('').slice(-4000);
}

/** The first match in what a process prints; waits for it. */
function firstMatch(stream: Readable, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: stream }).on('line', (line) => {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
}

function untilReady(child: ChildProcess, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (how: string): void => reject(new Error(`lastgood up ${how}\n${lastOf(words)}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail('did not say ready in time');
    }, READY_MS);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${signal ?? code}`);
    });
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('ready ')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
