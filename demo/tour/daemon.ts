import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { executable, runCommand } from './command-line.ts';
import type { CommandEnd, CommandPlace } from './command-line.ts';
import { parseJson } from './json.ts';
import { TourFailure } from './wait-for.ts';

/** The lastgood daemon of the tour, reached only as anybody would: command line and HTTP. */
export type Daemon = {
  /** Starts `lastgood up` and resolves when it says `ready`. */
  readonly start: () => Promise<void>;
  /** The data directory, for commands of one's own. */
  readonly dataDirectory: string;
  /** The UI's address as the last `ready` line gave it. */
  readonly url: () => string;
  /** The process id that `start` started. */
  readonly pid: () => number;
  /** Resolves when the process that `start` started has ended, however. */
  readonly ended: () => Promise<void>;
  /** Ends it with SIGTERM, after ten seconds with SIGKILL. Stopping twice is stopping once. */
  readonly stop: () => Promise<void>;
  /** Runs a command against it. */
  readonly command: (
    args: readonly string[],
    onLine?: (line: unknown) => void,
  ) => Promise<CommandEnd>;
  /** Gets a document of the API; undefined when there was no good answer. */
  readonly get: (path: string) => Promise<unknown>;
};

/** What the tour gives the daemon. */
export type DaemonOptions = {
  readonly place: CommandPlace;
  readonly uiPort: number;
  readonly logFile: string;
};

/** Promised are three seconds on an idle machine; this one also runs a shop. */
const readyTimeoutMs = 30_000;
const stopTimeoutMs = 10_000;
const requestTimeoutMs = 3_000;

/** Prepares a daemon; nothing runs before `start`. */
export function createDaemon({ place, uiPort, logFile }: DaemonOptions): Daemon {
  let child: ChildProcess | undefined;
  let url = '';
  let ended: Promise<void> = Promise.resolve();
  return {
    start: async () => {
      const started = launch(place, logFile);
      child = started;
      ended = new Promise((resolve) => started.once('exit', () => resolve()));
      url = await readyUrl(started, logFile);
    },
    dataDirectory: place.dataDirectory,
    url: () => url,
    pid: () => child?.pid ?? 0,
    ended: () => ended,
    stop: async () => {
      const running = child;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      running.kill('SIGTERM');
      const timer = setTimeout(() => running.kill('SIGKILL'), stopTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
    command: (args, onLine) => runCommand(place, args, onLine),
    get: (path) => get(`http://127.0.0.1:${uiPort}/api/v1/${path}`, place.dataDirectory),
  };
}

function launch(place: CommandPlace, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a');
  const args = ['up', '--config', place.configFile, '--data', place.dataDirectory];
  const child = spawn(process.execPath, [executable, ...args], {
    stdio: ['ignore', 'pipe', log],
    env: place.environment,
    detached: true,
  });
  closeSync(log);
  return child;
}

function readyUrl(child: ChildProcess, logFile: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (how: string): void =>
      reject(new TourFailure(`lastgood up ${how}\n${tail(logFile)}`));
    const timer = setTimeout(() => fail('did not say ready in time'), readyTimeoutMs);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${signal ?? code}`);
    });
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^ready (\S+)/.exec(line)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

/** The last lines of the daemon's log: what a person wants to see when it would not start. */
function tail(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
}

async function get(url: string, dataDirectory: string): Promise<unknown> {
  try {
    const token = readFileSync(join(dataDirectory, 'admin.token'), 'utf8').trim();
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    const text = await response.text();
    return response.ok ? parseJson(text) : undefined;
  } catch {
    // A daemon that is down is an answer too: the caller asks again or says so.
    return undefined;
  }
}
