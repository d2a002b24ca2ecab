import { spawn } from 'node:child_process';
import { LabFailure } from './lab-failure.ts';
import type { Command } from './thing.ts';

/** How a command runs that ends by itself. */
export type CommandOptions = {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly environment?: NodeJS.ProcessEnv;
};

/** How it ended and what it said. */
export type CommandOutput = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
};

/** Local commands answer in a second even on a machine under load; this is for the stuck ones. */
const timeoutMsDefault = 20_000;

/** Runs a command to its end, whatever its exit code. A timeout or a missing program rejects. */
export function tryCommand(
  [program, ...args]: Command,
  { input = '', timeoutMs = timeoutMsDefault, environment = process.env }: CommandOptions = {},
): Promise<CommandOutput> {
  const line = [program, ...args].join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      env: environment,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', (cause) => reject(new LabFailure(`${line}: ${cause.message}`, { cause })));
    child.once('close', (code, signal) => {
      if (code !== null) resolve({ code, stdout, stderr });
      else reject(new LabFailure(`${line}: ended by ${signal}, limit ${timeoutMs / 1000} s`));
    });
    // A command that ends without reading its input is no failure.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** Runs a command that must succeed; resolves with its standard output. */
export async function runCommand(command: Command, options?: CommandOptions): Promise<string> {
  const { code, stdout, stderr } = await tryCommand(command, options);
  if (code === 0) return stdout;
  const said = (stderr.trim() || stdout.trim()).slice(-600);
  throw new LabFailure(`${command.join(' ')}: exit ${code}: ${said}`);
}
