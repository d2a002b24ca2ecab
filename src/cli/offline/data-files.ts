import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/error.ts';
import { FORMATS } from '../../evidence/normalize/formats.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/** A file to be read, and what it is where somebody said so. */
export interface DataFile {
  readonly path: string;
  /** A name of `FORMATS`; undefined: told by its content. */
  readonly format: string | undefined;
  /** It was found in a folder: what cannot be read of it is passed over, and told. */
  readonly isFound: boolean;
}

/** A folder of more files was named by mistake. */
const FILES_MAX = 10_000;

/**
 * The files behind `--data PATH…`: files as they are, folders with all below, each as PATH or
 * FORMAT:PATH. LG_INGEST_FILE_UNREADABLE for what is not there.
 */
export function dataFiles(words: readonly string[]): readonly DataFile[] {
  const files: DataFile[] = [];
  const add = (path: string, format: string | undefined, isFound = false): void => {
    const stat = statOf(path);
    if (stat.isDirectory()) {
      refuseDataFolder(path);
      for (const name of readdirSync(path).toSorted()) add(join(path, name), format, true);
      return;
    }
    // A pipe or a device in a folder could be read for ever.
    if (isFound && !stat.isFile()) return;
    if (files.length === FILES_MAX) {
      const detail = `--data names more than ${FILES_MAX} files; name the ones that matter`;
      throw lgError('LG_RUNTIME_USAGE', detail);
    }
    files.push({ path, format, isFound });
  };
  for (const word of words) {
    const colon = word.indexOf(':');
    const format = colon < 0 ? undefined : word.slice(0, colon);
    if (format !== undefined && format in FORMATS) add(word.slice(colon + 1), format);
    else add(word, undefined);
  }
  return files;
}

/** What lies in every data directory of a daemon, beside its key and its token. */
const DATA_FOLDER_FILES = ['control.db', 'daemon.json', 'key'] as const;

/** Elsewhere `--data` names a daemon's own directory; its keys and tokens are no logs. */
function refuseDataFolder(path: string): void {
  if (!DATA_FOLDER_FILES.some((name) => existsSync(join(path, name)))) return;
  if (!existsSync(join(path, 'vault')) && !existsSync(join(path, 'evidence'))) return;
  const detail =
    `${path} is the data directory of a daemon, and no folder of logs; to ask that daemon write ` +
    '--data before the command';
  throw lgError('LG_RUNTIME_USAGE', detail);
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (cause) {
    throw lgError('LG_INGEST_FILE_UNREADABLE', `${path}: ${messageOf(cause)}`, cause);
  }
}
