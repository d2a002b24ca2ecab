import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the project with its text. */
export interface ProjectFile {
  /** Path from the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Folders that hold no source of ours. */
const ignoredFolders = new Set(['node_modules', 'dist', '.git', '.lastgood']);

/** Reads every file below the given roots whose name passes, in a stable order. */
export function readProject(
  root: string,
  roots: readonly string[],
  wanted: (path: string) => boolean,
): readonly ProjectFile[] {
  const files: ProjectFile[] = [];
  for (const start of roots) walk(root, start, wanted, files);
  return files;
}

function walk(
  root: string,
  folder: string,
  wanted: (path: string) => boolean,
  files: ProjectFile[],
): void {
  for (const entry of entriesOf(join(root, folder))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!ignoredFolders.has(entry.name)) walk(root, path, wanted, files);
    } else if (entry.isFile() && wanted(path)) {
      files.push({ path, text: readFileSync(join(root, path), 'utf8') });
    }
  }
}

/** A root that does not exist yet holds no files; the callers fail when nothing is left at all. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((left, right) =>
      left.name < right.name ? -1 : 1,
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
