import { existsSync, readFileSync } from 'node:fs';
import { messageOf } from '../../base/error.ts';
import { parseJsonObject } from '../../base/parse-json.ts';
import { dataFolder, defaultDataRoot } from '../../config/data-folder.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Invocation } from '../invocation.ts';
import { namedDaemon } from './named-daemon.ts';

/** Where the UI listens when nothing says otherwise. */
const DEFAULT_URL = 'http://127.0.0.1:7433';

/** How a daemon is reached. */
export interface DaemonAddress {
  readonly url: string;
  readonly token?: string;
  /** The data directory that `token` lies in: the token is for the daemon that owns it alone. */
  readonly tokenFolder?: string;
}

/**
 * The daemon this invocation means: --url, else the one that runs on the data directory, else where
 * one would listen: `configured`, or the default port. The token comes from --token-file,
 * $LASTGOOD_TOKEN_FILE or the directory's own. Throws LG_API_DAEMON_UNREACHABLE when a directory
 * is named on which none ever ran.
 */
export function daemonAddress(
  { options, env }: Pick<Invocation, 'options' | 'env'>,
  configured: () => string | undefined = () => undefined,
): DaemonAddress {
  const folder = dataFolder(options.data ?? defaultDataRoot(env, process.getuid?.() === 0), env);
  const far = namedDaemon({ options, env });
  const url = far ?? urlOf(folder.daemon) ?? configured() ?? DEFAULT_URL;
  const named = options.tokenFile ?? env['LASTGOOD_TOKEN_FILE'];
  const own = far === undefined || isOwnMachine(far) ? ownToken(folder.adminToken) : undefined;
  if (named !== undefined) return { url, token: readToken(named) };
  if (own !== undefined) return { url, token: own, tokenFolder: folder.root };
  if (far === undefined && (options.data ?? env['LASTGOOD_DATA'] ?? '') !== '') {
    const seen = `no daemon runs on ${folder.root}, or it is not yours to read`;
    throw lgError('LG_API_DAEMON_UNREACHABLE', seen);
  }
  return { url };
}

/** The admin token of this machine's daemon is for no other machine. */
function isOwnMachine(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** The address the daemon of a data directory wrote down when it became ready. */
function urlOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  // A daemon that was killed while it wrote leaves half a file: as good as none.
  const url = parseJsonObject(readFileSync(file, 'utf8'))?.['url'];
  return typeof url === 'string' ? url : undefined;
}

function ownToken(file: string): string | undefined {
  return existsSync(file) ? readToken(file) : undefined;
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw lgError('LG_ACCESS_TOKEN_MISSING', `${file} cannot be read: ${messageOf(cause)}`, cause);
  }
}
