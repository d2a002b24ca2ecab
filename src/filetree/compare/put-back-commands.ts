import { shellQuote } from '../../base/shell-quote.ts';
import type { StateItem } from '../../model/checkpoint/capture.ts';
import { readAttributes } from './tree-item.ts';

/**
 * Shell commands that put items of a file tree back from a folder of plain files, in which they
 * lie below `root`. Folders above the items are not ours, and keep their mode and owner.
 */
export function putBackCommands(folder: string, items: readonly StateItem[]): readonly string[] {
  return items.flatMap((item) => itemCommands(shellQuote(folder), item));
}

/** Words as one line for a shell; [] where there are none. */
export function commandLine(words: readonly string[] | undefined): readonly string[] {
  return words === undefined || words.length === 0 ? [] : [words.map(shellQuote).join(' ')];
}

function itemCommands(folder: string, item: StateItem): readonly string[] {
  const attributes = readAttributes(item);
  if (attributes === undefined) return [];
  const { type, mode, uid, gid } = attributes;
  const path = shellQuote(item.path);
  const source = `${folder}/${shellQuote(`root${item.path}`)}`;
  const owner = `chown -h ${uid}:${gid} ${path}`;
  if (type === 'folder') return [`mkdir -p ${path}`, `chmod ${mode ?? '0755'} ${path}`, owner];
  const parent = shellQuote(item.path.slice(0, item.path.lastIndexOf('/')) || '/');
  return [`mkdir -p ${parent}`, `cp -dT --remove-destination ${source} ${path}`, owner].concat(
    type === 'file' && mode !== undefined ? [`chmod ${mode} ${path}`] : [],
  );
}
