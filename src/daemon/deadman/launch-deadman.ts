import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../base/log.ts';
import { messageOf } from '../../base/error.ts';
import type { DeadManLauncher } from '../../runner/deadman/dead-men.ts';
import { deadManFolder, runFolderName } from '../../runner/deadman/run-folder.ts';
import type { LockFile } from '../../runner/state-lock.ts';
import { commandEnv } from '../host/command-env.ts';
import { lockFolder } from '../folder-lock.ts';
import { findFreeGroup } from './control-group.ts';

/** Where the dead-men of a host runner live. */
export interface DeadManHome {
  /** The runner's folder as this process reaches it, by descriptor where it must not be swapped. */
  readonly folder: string;
  /** The same as a new process finds it. */
  readonly path: string;
  readonly keyFile: string;
}

/** How a process is kept from ending with the daemon's control group. */
type Escape =
  | { readonly kind: 'scope'; readonly words: readonly string[] }
  | { readonly kind: 'group'; readonly path: string }
  | { readonly kind: 'none' };

/**
 * Starts dead-men: `lastgood deadman RUN` in a session of its own, so that no terminal takes it
 * along, and out of our control group where the host lets us: by a scope of systemd, else by moving
 * it as root. Where neither works, whoever ends the group ends it too, and that is what is said.
 */
export function deadManLauncher(
  { folder, path, keyFile }: DeadManHome,
  log: Log,
  env: NodeJS.ProcessEnv = process.env,
): DeadManLauncher & { readonly lock: LockFile } {
  const escape = findEscape(env);
  return {
    lock: lockFolder,
    survives: escape.kind === 'none' ? ['session'] : ['session', 'daemon'],
    launch(run) {
      const own = fileURLToPath(new URL('../../../bin/lastgood', import.meta.url));
      const place = ['--folder', path, '--key-file', keyFile];
      const group = escape.kind === 'group' ? ['--control-group', escape.path] : [];
      const node = ['--disable-warning=ExperimentalWarning', own, 'deadman', run];
      const words = [process.execPath, ...node, ...place, ...group];
      const [program = '', ...rest] = escape.kind === 'scope' ? [...escape.words, ...words] : words;
      const file = join(deadManFolder(folder), runFolderName(run), 'log');
      const out = openSync(file, 'a', 0o600);
      try {
        const child = spawn(program, rest, {
          cwd: '/',
          detached: true,
          env: { ...commandEnv(env), ...forScope(env) },
          stdio: ['ignore', out, out],
        });
        // Whoever waits for it to be armed gives up by itself, and says so.
        child.on('error', (error) =>
          log.error('DeadManStartError', { run, why: messageOf(error) }),
        );
        child.unref();
      } finally {
        closeSync(out);
      }
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
  const path = isRoot ? findFreeGroup() : undefined;
  return path === undefined || !mayWrite(path) ? { kind: 'none' } : { kind: 'group', path };
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
