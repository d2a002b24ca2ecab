import * as fs from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import type { TestContext } from 'node:test';
import { whenReady, type Daemon } from './daemon.ts';
import { freePorts } from './free-ports.ts';
import { runProgram, startProgram, type Ended } from './program.ts';

/** What a place is made with. */
export interface PlaceOptions {
  /** The rest of lastgood.yaml below its `listen`. */
  readonly config?: (place: Place) => string;
  /** Members of `listen` besides the two ports; by default no other listener is opened. */
  readonly listen?: string;
  /** Where the data directory shall lie; within the place by default. */
  readonly data?: string;
}

/** One installation of the product in a folder of its own, as a user would have it. */
export interface Place {
  readonly root: string;
  readonly data: string;
  readonly configFile: string;
  readonly uiPort: number;
  readonly otlpPort: number;
  /** The environment of everything started here: its TMPDIR lies within the place. */
  readonly env: NodeJS.ProcessEnv;
  path(...parts: readonly string[]): string;
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  /** Moves the data directory away, to a name within the place. */
  moveData(name: string): Promise<void>;
  /** Starts the daemon and waits until it is ready. */
  up(...args: readonly string[]): Promise<Daemon>;
  /** Runs a command against this place, with the place's data directory. */
  run(
    args: readonly string[],
    onLine?: (line: string, child: ChildProcess) => void,
  ): Promise<Ended>;
  /** Calls the API with the place's own token, or with that of somebody else. */
  api(path: string, body?: unknown, token?: string): Promise<Answer>;
}

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Makes a place; the test removes it with everything that still runs there. */
export async function makePlace(
  t: Pick<TestContext, 'after'>,
  options: PlaceOptions = {},
): Promise<Place> {
  const root = await fs.mkdtemp(join(tmpdir(), 'lastgood-place-'));
  const temporary = join(root, 'tmp');
  await fs.mkdir(temporary);
  const data = options.data ?? join(root, 'data');
  const [uiPort = 0, otlpPort = 0] = await freePorts(2);
  const env = { ...process.env, TMPDIR: temporary, NO_COLOR: '1' };
  const configFile = join(root, 'lastgood.yaml');
  const inside = { cwd: root, env };
  const place: Place = {
    root,
    data,
    configFile,
    uiPort,
    otlpPort,
    env,
    path: (...parts) => join(root, ...parts),
    write: async (path, text) => {
      await fs.mkdir(join(root, path, '..'), { recursive: true });
      await fs.writeFile(join(root, path), text);
    },
    read: (path) => fs.readFile(join(root, path), 'utf8'),
    moveData: (name) => fs.rename(data, join(root, name)),
    up: (...args) => whenReady(startProgram(['up', '--data', data, ...args], inside)),
    run: (args, onLine) => runProgram([...args, '--data', data], inside, onLine),
    api: (path, body, token) => callApi(place, path, body, token),
  };
  t.after(async () => {
    killAllOf(root);
    await fs.rm(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const rest = options.config?.(place) ?? 'sources: []\n';
  await fs.writeFile(configFile, configText(place, rest, options.listen));
  return place;
}

/** Tests run side by side: nobody listens on a port that is not his alone. */
const NO_OTHERS = 'otlpGrpc: false, syslogUdp: false, syslogTcp: false';

/** A lastgood.yaml with the place's ports. */
export function configText({ uiPort, otlpPort }: Place, rest: string, others = NO_OTHERS): string {
  const own = `ui: "127.0.0.1:${uiPort}", otlpHttp: "127.0.0.1:${otlpPort}"`;
  return `listen: { ${own}, ${others} }\n${rest}`;
}

async function callApi(
  { data, uiPort }: Place,
  path: string,
  body?: unknown,
  whose?: string,
): Promise<Answer> {
  const token = whose ?? (await fs.readFile(join(data, 'admin.token'), 'utf8')).trim();
  const response = await fetch(`http://127.0.0.1:${uiPort}/api/v1/${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      connection: 'close',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

/** Processes whose command line or environment names the place; its name is random, so ours. */
export function processesOf(root: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => ['cmdline', 'environ'].some((file) => mentions(name, file, root)))
    .map(Number);
}

function mentions(pid: string, file: string, root: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(root);
  } catch {
    // It ended while we looked, or is somebody else's.
    return false;
  }
}

function killAllOf(root: string): void {
  for (const pid of processesOf(root)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}
