import * as fs from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../../base/error.ts';
import { readGrant } from '../../../account/read-grant.ts';

/** Whether this process may read a journal. */
export interface JournalAccess {
  /** `partly`: some files only, such as the user's own. `absent`: there is no journal. */
  readonly kind: 'readable' | 'partly' | 'unreadable' | 'absent';
  /** The folders with journal files; they change when the journal becomes persistent. */
  readonly folders: readonly string[];
  /** What cannot be read, and the grant that mends it; absent for `readable`. */
  readonly problem?: string;
}

/** Where journald keeps the journal of the system. */
const SYSTEM_ROOTS = ['/var/log/journal', '/run/log/journal'];

/** The size of a journal is bounded by journald; these are enough files to judge by. */
const FILES_MAX = 500;

/** Looks which files of the journal there are and tries whether they may be read. */
export function lookAtJournal(
  directory: string | undefined,
  machineId: string | undefined,
): JournalAccess {
  const roots = directory === undefined ? SYSTEM_ROOTS : [directory];
  const looks = roots.map((root) =>
    lookAtRoot(root, directory === undefined ? machineId : undefined),
  );
  const folders = looks.flatMap((look) => look.folders);
  const refused = looks.flatMap((look) => look.refused);
  const readable = looks.reduce((sum, look) => sum + look.readable, 0);
  const [path] = refused;
  if (path !== undefined) {
    const problem = `${path} cannot be read; grant it: ${readGrant(path)}`;
    return { kind: readable > 0 ? 'partly' : 'unreadable', folders, problem };
  }
  if (readable > 0) return { kind: 'readable', folders };
  const missing = `there is no journal in ${roots.join(' or ')}`;
  const problem = `${missing}; start systemd-journald, or remove this source`;
  return { kind: 'absent', folders, problem };
}

/** The id of this machine, which names its folder of the journal; undefined where it has none. */
export function readMachineId(): string | undefined {
  try {
    const text = fs.readFileSync('/etc/machine-id', 'utf8').trim();
    return /^[0-9a-f]{32}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

interface RootLook {
  readonly folders: string[];
  readonly refused: string[];
  readable: number;
}

function lookAtRoot(root: string, machineId: string | undefined): RootLook {
  const look: RootLook = { folders: [], refused: [], readable: 0 };
  const own = machineId === undefined ? undefined : [join(root, machineId)];
  for (const folder of own ?? [root, ...foldersIn(root, look)]) {
    lookAtFolder(folder, look);
  }
  return look;
}

function foldersIn(root: string, look: RootLook): readonly string[] {
  const entries = listed(root, look);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
}

function lookAtFolder(folder: string, look: RootLook): void {
  const names = listed(folder, look)
    .filter((entry) => entry.isFile() && /\.journal~?$/.test(entry.name))
    .map(({ name }) => name);
  if (names.length > 0) look.folders.push(folder);
  for (const name of names.toSorted().slice(-FILES_MAX)) {
    const path = join(folder, name);
    try {
      fs.accessSync(path, fs.constants.R_OK);
      look.readable += 1;
    } catch (error) {
      // A file that was removed meanwhile is no problem.
      if (systemCode(error) === 'EACCES') look.refused.push(path);
    }
  }
}

function listed(folder: string, look: RootLook) {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (['EACCES', 'EPERM'].includes(systemCode(error) ?? '')) look.refused.push(folder);
    return [];
  }
}
