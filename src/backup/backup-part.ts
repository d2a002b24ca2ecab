import type { Result } from '../base/result.ts';

/** One file of the data directory, as a backup sees it. */
export interface BackupPart {
  /** Relative to the data directory, with `/` between folders. */
  readonly path: string;
  /**
   * `replaced`: a small file that is replaced whole by a rename. `sqlite`: a database, copied by
   * SQLite itself. `immutable`: never changes once it has its name. `log`: only grows; what lies
   * beyond `durableBytes` is not in the backup.
   */
  readonly kind: 'replaced' | 'sqlite' | 'immutable' | 'log';
  /** Of a log: bytes that are known to be whole; the file's length when absent. */
  readonly durableBytes?: number;
}

/** What the running stores do for a backup. */
export interface BackupSource {
  /**
   * Keeps every file from being removed or truncated (retention, compaction, trimming, pruning)
   * until `release` is called. New files and longer logs may come.
   */
  keepFiles(): Promise<Result<{ readonly release: () => void }>>;
  /**
   * What there is now. Asked anew before each sort is copied (`replaced`, then `sqlite`, then the
   * rest), so that whatever a copied database names is in the backup too.
   */
  parts(): Promise<Result<readonly BackupPart[]>>;
}

/** Whether a path may stand in a backup: relative, below its folder, without tricks. */
export function isPartPath(path: string): boolean {
  return (
    path !== '' &&
    path.length <= 1000 &&
    !path.includes('\\') &&
    !path.includes('\0') &&
    path.split('/').every((name) => name !== '' && name !== '.' && name !== '..')
  );
}
