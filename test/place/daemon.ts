import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readdirSync, readFileSync } from 'node:fs';

/** Promised are three seconds on an idle machine; the tests share theirs with others. */
const READY_MS_MAX = 60_000;

/** A daemon that was started by a test. */
export interface Daemon {
  readonly pid: number;
  readonly url: string;
  readonly readyMs: number;
  /** What it printed to stderr so far. */
  readonly notes: () => string;
  /** SIGTERM, then its exit code and how long that took. */
  stop(): Promise<{ readonly code: number | null; readonly ms: number }>;
  /** SIGKILL; answers when it is gone. */
  kill(): Promise<void>;
  /** The pid of its evidence process. */
  evidencePid(): number;
}

/** Waits for the `ready` line. Throws what it said when it ends before. */
export async function whenReady(child: ChildProcess): Promise<Daemon> {
  const began = performance.now();
  let notes = '';
  const { stdout, stderr, pid } = child;
  if (stdout === null || stderr === null || pid === undefined) throw new Error('no pipes');
  stderr.setEncoding('utf8').on('data', (text: string) => {
    notes += text;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (how: string): void => reject(new Error(`up ${how}\n${notes}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail('was not ready in time');
    }, READY_MS_MAX);
    void ended.then((code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
    createInterface({ input: stdout }).on('line', (line) => {
      const at = /^ready (\S+)$/.exec(line)?.[1];
      if (at === undefined) return;
      clearTimeout(timer);
      resolve(at);
    });
  });
  return {
    pid,
    url,
    readyMs: performance.now() - began,
    notes: () => notes,
    async stop() {
      const asked = performance.now();
      child.kill('SIGTERM');
      const code = await ended;
      return { code, ms: performance.now() - asked };
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    evidencePid: () => childNamed(pid, 'evidence/process'),
  };
}

/** The child of a process whose command line holds a text. */
function childNamed(parent: number, text: string): number {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parentPid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (parentPid === parent && command.includes(text)) return Number(name);
    } catch {
      // It ended while we looked.
    }
  }
  throw new Error(`${parent} has no child ${text}`);
}
