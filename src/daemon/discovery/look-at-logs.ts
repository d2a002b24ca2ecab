import * as fs from 'node:fs';
import { join } from 'node:path';
import { mayBeLog, type SeenLogFile, type SeenLogFolder } from './discover-logs.ts';

/** A host with more programs that log into folders of their own is configured by hand. */
const FOLDERS_MAX = 100;

/** A folder with more names is no folder of logs. */
const NAMES_MAX = 1_000;

/** Enough to see that a file is no text. */
const START_BYTES = 512;

/** What lies in a folder of logs such as `/var/log`, and in the folders in it. Reads only. */
export function lookAtLogs(path: string): {
  readonly top: SeenLogFolder;
  readonly folders: readonly SeenLogFolder[];
} {
  const folders = (listed(path) ?? [])
    .filter((entry) => entry.isDirectory())
    .slice(0, FOLDERS_MAX)
    .map(({ name }) => seenFolder(join(path, name)));
  return { top: seenFolder(path), folders };
}

function seenFolder(path: string): SeenLogFolder {
  const entries = listed(path);
  if (entries === undefined) return { path };
  return {
    path,
    files: entries
      .filter((entry) => entry.isFile() && mayBeLog(entry.name))
      .map(({ name }) => seenFile(path, name)),
  };
}

function listed(path: string): readonly fs.Dirent[] | undefined {
  try {
    return fs.readdirSync(path, { withFileTypes: true }).slice(0, NAMES_MAX);
  } catch {
    return undefined;
  }
}

function seenFile(folder: string, name: string): SeenLogFile {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(join(folder, name), 'r');
    const start = new Uint8Array(START_BYTES);
    return { name, start: start.subarray(0, fs.readSync(descriptor, start, 0, START_BYTES, 0)) };
  } catch {
    return { name };
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}
