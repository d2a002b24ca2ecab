import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf } from '../base/error.ts';
import { err, ok, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';

/** Where everything of one daemon lies. */
export interface DataFolder {
  readonly root: string;
  /** The wrapping key, unless LASTGOOD_KEY_FILE names another. */
  readonly key: string;
  readonly control: string;
  /** Write-ahead log, segments and their catalogue: owned by the evidence process alone. */
  readonly evidence: string;
  readonly vault: string;
  /** Fencing tokens and caches of the host runner. */
  readonly host: string;
  readonly adminToken: string;
  /** The newest entry of the audit chain: entries cut off its end show by it. */
  readonly auditHead: string;
  /** While it is there no rollback begins by itself. */
  readonly automaticOff: string;
  /** Held by whoever works on the directory, the daemon or an offline command. */
  readonly lock: string;
  /** Who runs here and where it listens, for the command line. */
  readonly daemon: string;
}

/** The paths within a data directory; touches nothing. */
export function dataFolder(root: string, env: NodeJS.ProcessEnv = process.env): DataFolder {
  const at = (name: string): string => join(resolve(root), name);
  return {
    root: resolve(root),
    key: env['LASTGOOD_KEY_FILE'] ?? at('key'),
    control: at('control.db'),
    evidence: at('evidence'),
    vault: at('vault'),
    host: at('host'),
    adminToken: at('admin.token'),
    auditHead: at('audit.head'),
    automaticOff: at('automatic.off'),
    lock: at('lock'),
    daemon: at('daemon.json'),
  };
}

/**
 * The directory used when --data is not given: $LASTGOOD_DATA, else /var/lib/lastgood for root,
 * else a folder of the user's own (XDG Base Directory).
 */
export function defaultDataRoot(env: NodeJS.ProcessEnv, isRoot: boolean): string {
  if (env['LASTGOOD_DATA'] !== undefined && env['LASTGOOD_DATA'] !== '')
    return env['LASTGOOD_DATA'];
  if (isRoot) return '/var/lib/lastgood';
  const xdg = env['XDG_DATA_HOME'];
  const home = env['HOME'] ?? homedir();
  return join(xdg !== undefined && xdg !== '' ? xdg : join(home, '.local', 'share'), 'lastgood');
}

/** Makes the directory, private to its owner. */
export function makeDataFolder(folder: DataFolder): Result<void> {
  try {
    mkdirSync(folder.root, { recursive: true, mode: 0o700 });
    if (!statSync(folder.root).isDirectory()) throw new Error('it is no directory');
    for (const inner of [folder.evidence, folder.vault, folder.host]) {
      mkdirSync(inner, { recursive: true, mode: 0o700 });
      // A start as root leaves the host runner's folder to root.
      accessSync(inner, constants.R_OK | constants.W_OK | constants.X_OK);
    }
    return ok(undefined);
  } catch (cause) {
    const detail = `${folder.root} cannot be made or written: ${messageOf(cause)}`;
    return err(lgError('LG_RUNTIME_DATA_UNUSABLE', detail, cause));
  }
}
