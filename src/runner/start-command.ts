import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { systemCode } from '../base/error.ts';
import type { CommandRegister, RegisteredCommand } from './command-register.ts';

/** What every command of a host gets; nothing else of our own environment reaches it. */
export interface CommandSetting {
  /** The environment: PATH, HOME and a language. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the command with its whole process group. */
  readonly signal: AbortSignal;
  /** Where it is noted while it runs; absent: a kill of ours leaves it running. */
  readonly register?: CommandRegister;
}

/** A started command with pipes at all three ends. */
export type CommandChild = ChildProcessByStdio<Writable, Readable, Readable>;

/** A command that runs; `forget` takes it off the register once it ended. */
export interface StartedCommand {
  readonly child: CommandChild;
  readonly forget: () => void;
}

/** Starts a command without a shell, in a process group of its own, noted on the register. */
export function startCommand(
  [program, ...words]: readonly [string, ...string[]],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string },
  { env, register }: CommandSetting,
): StartedCommand {
  const noted = register === undefined ? undefined : begin(register);
  const child = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...env, ...options.env, ...noted?.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  // A command that does not read its input is no failure.
  child.stdin.on('error', () => undefined);
  if (child.pid !== undefined) attempt(() => noted?.started(child.pid ?? 0));
  return { child, forget: () => attempt(() => noted?.ended()) };
}

/** Kills a command with its whole group. */
export function killGroup({ child }: Pick<StartedCommand, 'child'>): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    // The negative number names the whole group; it exists as long as a member lives.
    process.kill(-pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** A full disk must not keep a service from being started: then it runs without a note. */
function begin(register: CommandRegister): RegisteredCommand | undefined {
  let noted: RegisteredCommand | undefined;
  attempt(() => (noted = register.begin()));
  return noted;
}

function attempt(note: () => unknown): void {
  try {
    note();
  } catch (thrown) {
    if (systemCode(thrown) === undefined) throw thrown;
  }
}
