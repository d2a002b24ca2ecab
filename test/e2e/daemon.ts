import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { whenReady } from '../place/daemon.ts';
import { startProgram } from '../place/program.ts';

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
  const child = startProgram(['up', '--config', config, '--data', data], {
    cwd: process.cwd(),
    env: { ...process.env, DISPLAY: '' },
  });
  const signInUrl = firstMatch(child.stderr, /(http:\S+sign-in\?code=\S+)/);
  const daemon = await whenReady(child);
  return {
    signInUrl,
    kill: () => daemon.kill(),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) {
        const how = child.signalCode ?? child.exitCode;
        throw new Error(`the daemon ended by itself with ${how}\n${daemon.notes().slice(-4000)}`);
      }
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await daemon.stop();
      clearTimeout(timer);
    },
  };
}

/** The first match in what a process prints; waits for it. */
function firstMatch(stream: Readable | null, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (line) => {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
}
