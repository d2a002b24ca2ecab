import { accessRule } from '../../account/read-grant.ts';
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
  const rule = accessRule(user, path, access);
  // Files of others can be overwritten by whoever may write the folder, and given back by root.
  return access === 'read' ? rule : `${rule}; for files of others ${AS_ROOT}`;
}
