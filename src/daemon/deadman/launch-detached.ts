import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProviderCapabilities } from '../../ports/provider.ts';
import { identityOf, type ProcessIdentity } from '../../runner/process-table.ts';
import { commandEnv } from '../host/command-env.ts';
import { mayLeaveGroups } from './control-group.ts';

/** Starts commands of lastgood that are to outlive whoever started them. */
export interface DetachedLauncher {
  /** What such a process outlives. */
  readonly survives: ProviderCapabilities['confirmSurvives'];
  /**
   * Starts `lastgood WORDS…` in a session of its own, so that no terminal takes it along, and out
   * of our control group where the host lets us: by a scope of systemd, else it is given
   * `--leave-groups` and, being root, moves itself (`leaveGroups`). Where neither works, whoever
   * ends the group ends it too, and `survives` says so. What it prints is appended to `logFile`.
   * Undefined, and `failed` is told why, when there is no process.
   */
  launch(
    words: readonly string[],
    logFile: string,
    failed: (error: Error) => void,
  ): ProcessIdentity | undefined;
  /** The same with a pipe at its standard input, which is closed when we end. */
  launchListening(
    words: readonly string[],
    logFile: string,
    failed: (error: Error) => void,
  ): ListeningProcess | undefined;
}

/** A process that is told something later. */
export interface ListeningProcess {
  readonly process: ProcessIdentity;
  /** Tells it this and no more; false when it does not listen any more. */
  tell(text: string): boolean;
}

/** How a process is kept from ending with the daemon's control group. */
type Escape =
  | { readonly kind: 'scope'; readonly words: readonly string[] }
  | { readonly kind: 'itself' }
  | { readonly kind: 'none' };

/** Finds out how this host lets go of a process. */
export function detachedLauncher(env: NodeJS.ProcessEnv = process.env): DetachedLauncher {
  const escape = findEscape(env);
  const start = (words: readonly string[], logFile: string, stdin: 'ignore' | 'pipe') => {
    const own = fileURLToPath(new URL('../../../bin/lastgood', import.meta.url));
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', own, ...words];
    const whole = escape.kind === 'itself' ? [...node, '--leave-groups'] : node;
    const [program = '', ...rest] = escape.kind === 'scope' ? [...escape.words, ...whole] : whole;
    const out = openSync(logFile, 'a', 0o600);
    try {
      return spawn(program, rest, {
        cwd: '/',
        detached: true,
        env: { ...commandEnv(env), ...forScope(env) },
        stdio: [stdin, out, out],
      });
    } finally {
      closeSync(out);
    }
  };
  return {
    survives: escape.kind === 'none' ? ['session'] : ['session', 'daemon'],
    launch(words, logFile, failed) {
      const child = start(words, logFile, 'ignore');
      child.on('error', failed);
      child.unref();
      // systemd-run becomes the program it starts, so the number is the same.
      return child.pid === undefined ? undefined : identityOf(child.pid);
    },
    launchListening(words, logFile, failed) {
      const child = start(words, logFile, 'pipe');
      child.on('error', failed);
      child.unref();
      const { pid, stdin } = child;
      if (pid === undefined || stdin === null) return undefined;
      // One that ended meanwhile is noticed by whoever waits for its word.
      stdin.on('error', () => undefined);
      // Waiting to be told something must not keep us alive.
      if (stdin instanceof Socket) stdin.unref();
      return {
        process: identityOf(pid),
        tell(text) {
          if (!stdin.writable) return false;
          stdin.end(text);
          return true;
        },
      };
    },
  };
}

function findEscape(env: NodeJS.ProcessEnv): Escape {
  const isRoot = process.geteuid?.() === 0;
  const scope = ['systemd-run', '--scope', '--quiet', '--collect'];
  if (isRoot && existsSync('/run/systemd/private')) return { kind: 'scope', words: scope };
  const own = env['XDG_RUNTIME_DIR'];
  if (!isRoot && own !== undefined && existsSync(join(own, 'systemd', 'private'))) {
    return { kind: 'scope', words: [...scope, '--user'] };
  }
  return isRoot && mayLeaveGroups(mayWrite) ? { kind: 'itself' } : { kind: 'none' };
}

/** systemd-run finds the user's own manager by these. */
function forScope(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const names = ['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'];
  return Object.fromEntries(
    names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
