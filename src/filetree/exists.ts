import * as fs from 'node:fs/promises';
import { toNodePath } from './anchored-folder.ts';

/** Whether something is at a path, as far as this user may look. */
export async function exists(path: string): Promise<boolean> {
  return fs.access(toNodePath(path)).then(
    () => true,
    () => false,
  );
}
