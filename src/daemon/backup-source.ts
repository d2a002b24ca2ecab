import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ok } from '../base/result.ts';
import type { BackupPart, BackupSource } from '../backup/backup-part.ts';
import type { Core } from './core.ts';

/** Files that mean nothing to another daemon: locks, who runs here, SQLite's own companions. */
const LEFT_OUT: readonly RegExp[] = [
  /^(lock|daemon\.json|key|admin\.token)$/,
  /(^|\/)lock(-journal)?$/,
  /-(wal|shm|journal)$/,
  /\.(tmp|new)$/,
  /^evidence\/quarantine\//,
];

/** Tells the backup what lies in the data directory, and keeps it from going while it is copied. */
export function backupSource(core: Core): BackupSource {
  const { root } = core.folder;
  return {
    async hold() {
      const held = await core.evidence.hold(true);
      if (!held.ok) return held;
      let free: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        free = resolve;
      });
      // Pruning the vault waits for its turn behind this one.
      await new Promise<void>((begun) => {
        void core.checkpoints.exclusively(() => {
          begun();
          return released;
        });
      });
      return ok({
        release: () => {
          free();
          void core.evidence.hold(false);
        },
      });
    },
    async parts() {
      const files = readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)));
      return ok(files.filter((path) => !LEFT_OUT.some((left) => left.test(path))).map(partOf));
    },
  };
}

function partOf(path: string): BackupPart {
  if (/\.(db|sqlite)$/.test(path)) return { path, kind: 'sqlite' };
  if (path.startsWith('evidence/log/') || path.startsWith('vault/')) return { path, kind: 'log' };
  if (path.startsWith('evidence/')) return { path, kind: 'immutable' };
  return { path, kind: 'replaced' };
}
