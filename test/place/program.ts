import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The executable, as a user starts it. */
export const EXECUTABLE = fileURLToPath(new URL('../../bin/lastgood', import.meta.url));

/** No command of these tests needs longer, even on a busy machine. */
const COMMAND_MS_MAX = 120_000;

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Each line of stdout that is JSON. */
  readonly json: readonly unknown[];
}

/** Starts the executable; whoever calls waits for its end. */
export function startProgram(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): ChildProcess {
  return spawn(process.execPath, [EXECUTABLE, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the executable to its end; `onLine` hears stdout while it runs. */
export function runProgram(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  onLine: (line: string, child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const child = startProgram(args, options);
  const timer = setTimeout(() => child.kill('SIGKILL'), COMMAND_MS_MAX);
  const lines: string[] = [];
  let err = '';
  if (child.stdout === null || child.stderr === null) throw new Error('the child has its pipes');
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    onLine(line, child);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, out: lines.join('\n'), err, json: lines.flatMap(parsed) });
    });
  });
}

function parsed(line: string): readonly unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
