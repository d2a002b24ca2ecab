import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { systemCode } from '../base/error.ts';
import { toNodePath } from './anchored-folder.ts';

/** Whether entries of a folder may be made, replaced and removed; `absent`: there is no folder. */
export type FolderWriting =
  | { readonly kind: 'writable' }
  | { readonly kind: 'absent' | 'refused'; readonly why: string };

/** Asks the system whether this process may write in a folder. Changes nothing. */
export async function askFolderWriting(path: string): Promise<FolderWriting> {
  try {
    const stat = await fs.lstat(toNodePath(path));
    if (!stat.isDirectory()) return { kind: 'absent', why: `${path} is no folder` };
    await fs.access(toNodePath(path), constants.W_OK | constants.X_OK);
    return { kind: 'writable' };
  } catch (thrown) {
    const code = systemCode(thrown) ?? 'unknown reason';
    const why = `${path} cannot be written: ${code}`;
    return { kind: code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : 'refused', why };
  }
}
