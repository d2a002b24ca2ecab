import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../../base/error.ts';
import type { Lack } from '../../ports/provider.ts';

/** Who touches the host: the host runner's user, and whether that is root. */
export interface Hands {
  readonly user: string;
  readonly isRoot: boolean;
}

/** How root gets to touch the host while nothing else of the daemon is root. */
const AS_ROOT =
  'start lastgood as root (only its host process stays root), ' +
  'or run systemctl enable --now lastgood-host';

/** The exact command that grants what the host runner lacks. */
export function grantFor(lack: Lack, { user, isRoot }: Hands): string {
  if (lack.access === 'root') return AS_ROOT;
  const { access, path } = lack;
  if (isRoot) {
    return `even root is refused: see findmnt -T ${path} for a read-only mount, lsattr for +i`;
  }
  const closed = closedAbove(path);
  const entry = closed === undefined ? '' : `setfacl -m u:${user}:x ${closed} && `;
  const rights = access === 'read' ? 'rX' : 'rwX';
  const rule = isFolder(path)
    ? `setfacl -R -m u:${user}:${rights},d:u:${user}:${rights} ${path}`
    : `setfacl -m u:${user}:${rights} ${path}`;
  // Files of others can be overwritten by whoever may write the folder, and given back by root.
  return access === 'read' ? `${entry}${rule}` : `${entry}${rule}; for files of others ${AS_ROOT}`;
}

/** The outermost folder on the way that may not be entered. */
function closedAbove(path: string): string | undefined {
  const parent = dirname(path);
  if (parent === path) return undefined;
  const above = closedAbove(parent);
  if (above !== undefined) return above;
  try {
    fs.accessSync(parent, fs.constants.X_OK);
    return undefined;
  } catch (thrown) {
    return systemCode(thrown) === 'EACCES' ? parent : undefined;
  }
}

function isFolder(path: string): boolean {
  try {
    return fs.statSync(path).isDirectory();
  } catch {
    return false;
  }
}
