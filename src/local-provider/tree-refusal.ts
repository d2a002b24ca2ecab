import { askFolderWriting } from '../filetree/folder-writing.ts';
import type { TreeRoot, TreeScope } from '../filetree/compare/tree-scope.ts';
import type { Refusal } from './local-provider.ts';

/** Why a file tree cannot be restored: the first root in which nothing may be written. */
export async function treeRefusal(scope: TreeScope): Promise<Refusal | undefined> {
  for (const root of scope.roots) {
    const refused = await rootRefusal(root);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** A root is restorable when it may be written itself, if it is a folder, or else its folder. */
async function rootRefusal({ path, base, pattern }: TreeRoot): Promise<Refusal | undefined> {
  let refused: Refusal | undefined;
  for (const place of pattern === undefined ? [path, base] : [base]) {
    const writing = await askFolderWriting(place);
    // A writable folder can be restored within, even when the one above is not ours.
    if (writing.kind === 'writable') return undefined;
    if (writing.kind === 'absent') continue;
    const lacks = { access: 'write', path: place } as const;
    refused ??= { notRestorableBecause: writing.why, lacks };
  }
  return refused;
}
