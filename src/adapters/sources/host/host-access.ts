import { closeSync, existsSync, openSync, readdirSync, readSync, type StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { systemCode } from '../../../base/error.ts';

/** Space of a file system, in bytes and files. */
export interface Space {
  readonly bytes: number;
  readonly freeBytes: number;
  /** Free for everybody: a part is often kept for root. */
  readonly availableBytes: number;
  /** 0 where files are not counted. */
  readonly files: number;
  readonly freeFiles: number;
}

/** How the source sees its host; tests show it a recorded one. */
export interface HostAccess {
  /** The text of a file of /proc or /sys; undefined when it is absent. Throws EACCES. */
  read(path: string): string | undefined;
  /** The names in a folder; [] when it is absent or closed. */
  names(folder: string): readonly string[];
  /** The space of the file system at a path. Throws EACCES, ENOENT. */
  space(path: string): Promise<Space>;
}

/** The longest file that is read: mount tables of hosts full of containers. */
const FILE_CHARS_MAX = 4 * 1024 * 1024;

/** Most files of /proc fit into this at once. */
const CHUNK_BYTES = 64 * 1024;

/**
 * This host, or one recorded below `root`. Files of /proc come from memory: reading them at once
 * costs microseconds, where a turn through the thread pool costs many times that. A file system may
 * lie on a disk that does not answer, so its space is asked for without blocking.
 */
export function localHostAccess(root = ''): HostAccess {
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const asked = new Set<string>();
  return {
    // A file that is absent is told cheaply; opening it would make an error with a stack.
    read: (path) => (existsSync(`${root}${path}`) ? readWhole(`${root}${path}`, chunk) : undefined),
    names(folder) {
      try {
        return readdirSync(`${root}${folder}`);
      } catch {
        return [];
      }
    },
    async space(path) {
      // Each question to a disk that does not answer holds a thread of the pool: one is enough.
      if (asked.has(path)) throw new Error('has not answered yet');
      asked.add(path);
      try {
        return spaceOf(await statfs(path));
      } finally {
        asked.delete(path);
      }
    },
  };
}

function spaceOf(stat: StatsFs): Space {
  return {
    bytes: stat.blocks * stat.bsize,
    freeBytes: stat.bfree * stat.bsize,
    availableBytes: stat.bavail * stat.bsize,
    files: stat.files,
    freeFiles: stat.ffree,
  };
}

function readWhole(path: string, chunk: Buffer): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
  try {
    const decoder = new StringDecoder('utf8');
    let text = '';
    while (text.length < FILE_CHARS_MAX) {
      const read = readSync(file, chunk);
      if (read === 0) break;
      text += decoder.write(chunk.subarray(0, read));
    }
    return text;
  } catch (error) {
    // PSI switched off at boot: the file is there and says EOPNOTSUPP; a link that is gone, EINVAL.
    if (['EOPNOTSUPP', 'ENOTSUP', 'EINVAL', 'ENODEV'].includes(systemCode(error) ?? '')) {
      return undefined;
    }
    throw error;
  } finally {
    closeSync(file);
  }
}
