import * as fs from 'node:fs/promises';
import { systemCode } from '../../../base/error.ts';
import { fillFrom } from '../../../base/fill-from.ts';

/** Who a file is, whatever it is called: device and inode. */
export type FileIdentity = string;

/** An open file. Failures throw Node's errors. */
export interface OpenFile {
  readonly identity: FileIdentity;
  /** Size and time of the last change, milliseconds. */
  look(): Promise<{ readonly size: number; readonly changedMs: number }>;
  /** Fills `into` from offset `at`; answers how many bytes there were. */
  read(into: Uint8Array, at: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * How the source reaches files. An argument, because privileged logs are read by another process
 * than the one that normalizes them.
 */
export interface FileAccess {
  /** Paths of a pattern, in no order. A folder that cannot be read has no paths. */
  list(pattern: string): Promise<readonly string[]>;
  /** Names in a folder; [] when it cannot be read. */
  names(folder: string): Promise<readonly string[]>;
  /** Why a folder cannot be listed, as a system code; undefined when it can, or is not there. */
  refusal(folder: string): Promise<string | undefined>;
  /**
   * The identity of a regular file; undefined for what is none or is gone. Throws EACCES, ELOOP:
   * what lies behind a folder that may not be entered would else look as if it were not there.
   */
  identify(path: string): Promise<FileIdentity | undefined>;
  /** Opens for reading; throws EACCES, EMFILE, ENOENT. */
  open(path: string): Promise<OpenFile>;
}

/** Names a folder may have that are looked through; more is no folder of logs. */
const NAMES_MAX = 10_000;

/** The files this process may read itself. */
export const localFileAccess: FileAccess = {
  async list(pattern) {
    if (!/[*?[{]/.test(pattern)) return [pattern];
    const found: string[] = [];
    for await (const path of fs.glob(pattern)) {
      found.push(path);
      if (found.length >= NAMES_MAX) break;
    }
    return found;
  },
  async names(folder) {
    try {
      return (await fs.readdir(folder)).slice(0, NAMES_MAX);
    } catch {
      return [];
    }
  },
  async refusal(folder) {
    try {
      await fs.access(folder, fs.constants.R_OK | fs.constants.X_OK);
      return undefined;
    } catch (error) {
      const code = systemCode(error);
      return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : code;
    }
  },
  async identify(path) {
    try {
      const stat = await fs.stat(path, { bigint: true });
      return stat.isFile() ? `${stat.dev}:${stat.ino}` : undefined;
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw error;
      return undefined;
    }
  },
  async open(path) {
    const handle = await fs.open(path, 'r');
    const stat = await handle.stat({ bigint: true });
    return {
      identity: `${stat.dev}:${stat.ino}`,
      async look() {
        const now = await handle.stat();
        return { size: now.size, changedMs: now.mtimeMs };
      },
      read: (into, at) => fillFrom(handle, into, at),
      close: () => handle.close(),
    };
  },
};
