import { existsSync, readdirSync, statSync, type Stats } from 'node:fs';
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
 * FORMAT:PATH. LG_INGEST_FILE_UNREADABLE for what is not there, LG_RUNTIME_USAGE for a format that
 * is none.
 */
export function dataFiles(words: readonly string[]): readonly DataFile[] {
  const files: DataFile[] = [];
  const folders = new Set<string>();
  const add = (path: string, format: string | undefined, isFound = false): void => {
    const stat = statOf(path, isFound);
    if (stat === undefined) return;
    if (stat.isDirectory()) {
      refuseDataFolder(path);
      // Links may lead back to where they come from.
      const identity = `${stat.dev}:${stat.ino}`;
      if (folders.has(identity)) return;
      folders.add(identity);
      for (const name of namesIn(path, isFound)) add(join(path, name), format, true);
      return;
    }
    if (!stat.isFile()) {
      // A pipe or a device could be read for ever, and only once.
      if (isFound) return;
      throw lgError('LG_INGEST_FILE_UNREADABLE', `${path}: no file; write its content to one`);
    }
    if (files.length === FILES_MAX) {
      const detail = `--data names more than ${FILES_MAX} files; name the ones that matter`;
      throw lgError('LG_RUNTIME_USAGE', detail);
    }
    files.push({ path, format, isFound });
  };
  for (const word of words) {
    const format = FORMAT_PREFIX.exec(word)?.[1];
    if (format !== undefined && format in FORMATS) {
      add(word.slice(format.length + 1), format);
      continue;
    }
    // A file may have a colon in its name.
    if (format !== undefined && !existsSync(word)) throw noFormat(format);
    add(word, undefined);
  }
  return files;
}

/** What of `FORMAT:PATH` may be a format; paths have their slash or dot before a colon. */
const FORMAT_PREFIX = /^([A-Za-z][A-Za-z0-9-]*):/;

/** What `FORMAT` may be, for the help of those who take it. */
export const FORMATS_HELP = `\nFORMAT is one of: ${Object.keys(FORMATS).join(', ')}.`;

function noFormat(format: string): Error {
  const formats = Object.keys(FORMATS).join(', ');
  return lgError('LG_RUNTIME_USAGE', `there is no format ${format}; formats: ${formats}`);
}

/** What lies in every data directory of a daemon, beside its key and its token. */
const DATA_FOLDER_FILES = ['control.db', 'daemon.json', 'key'] as const;

/** Elsewhere `--data` names a daemon's own directory; its keys and tokens are no logs. */
export function isDataFolder(path: string): boolean {
  const isKept = DATA_FOLDER_FILES.some((name) => existsSync(join(path, name)));
  return isKept && ['vault', 'evidence'].some((name) => existsSync(join(path, name)));
}

function refuseDataFolder(path: string): void {
  if (!isDataFolder(path)) return;
  const detail = `${path} is the data directory of a daemon, and no folder of logs; leave it out`;
  throw lgError('LG_RUNTIME_USAGE', detail);
}

/** Of what was found in a folder: undefined when it leads nowhere or may not be looked at. */
function statOf(path: string, isFound: boolean): Stats | undefined {
  try {
    return statSync(path);
  } catch (cause) {
    if (isFound) return undefined;
    throw lgError('LG_INGEST_FILE_UNREADABLE', `${path}: ${messageOf(cause)}`, cause);
  }
}

function namesIn(path: string, isFound: boolean): readonly string[] {
  try {
    return readdirSync(path).toSorted();
  } catch (cause) {
    if (isFound) return [];
    throw lgError('LG_INGEST_FILE_UNREADABLE', `${path}: ${messageOf(cause)}`, cause);
  }
}
