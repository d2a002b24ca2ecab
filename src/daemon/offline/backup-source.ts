import { readdirSync, type Dirent } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { systemCode } from '../../base/error.ts';
import { ok } from '../../base/result.ts';
import type { BackupPart, BackupSource } from '../../backup/backup-part.ts';
import type { Core } from '../core.ts';

/** Longer than any data directory of one host needs; a stuck disk must not keep it for ever. */
export const BACKUP_MS_MAX = 15 * 60_000;

/** Files that mean nothing to another daemon: locks, who runs here, SQLite's own companions. */
const LEFT_OUT: readonly RegExp[] = [
  /^(daemon\.json|key|admin\.token)$/,
  /(^|\/)lock$/,
  /-(wal|shm|journal)$/,
  /\.(tmp|new|draft)$/,
  /^evidence\/(quarantine\/|reserve$)/,
];

/** Tells the backup what lies in the data directory, and keeps it from going while it is copied. */
export function backupSource(core: Core): BackupSource {
  return {
    async keepFiles() {
      const kept = await core.evidence.keepFiles(BACKUP_MS_MAX);
      if (!kept.ok) return kept;
      const letGo = await core.checkpoints.keepBlobs();
      return ok({
        release: () => {
          letGo();
          kept.value();
        },
      });
    },
    parts: async () => ok(partsOf(core.folder.root)),
  };
}

/** The same without a daemon: whoever asks holds the folder's locks, so nothing moves. */
export function idleBackupSource(root: string): BackupSource {
  return {
    keepFiles: async () => ok({ release: () => undefined }),
    parts: async () => ok(partsOf(root)),
  };
}

function partsOf(root: string): readonly BackupPart[] {
  return readdirSync(root, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? within(join(root, entry.name)) : [entry]))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !LEFT_OUT.some((left) => left.test(path)))
    .map(partOf);
}

/**
 * What lies in a folder. The host runner's own is closed to a daemon that gave root up: a copy goes
 * without it, for a restored daemon draws newer fencing tokens and fills its caches again.
 */
function within(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (thrown) {
    if (basename(folder) === 'host' && systemCode(thrown) === 'EACCES') return [];
    throw thrown;
  }
}

function partOf(path: string): BackupPart {
  if (/\.(db|sqlite)$/.test(path)) return { path, kind: 'sqlite' };
  if (path.startsWith('evidence/log/')) return { path, kind: 'log' };
  if (/^(evidence|vault)\//.test(path)) return { path, kind: 'immutable' };
  return { path, kind: 'replaced' };
}
