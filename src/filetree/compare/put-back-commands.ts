import { shellQuote } from '../../base/shell-quote.ts';
import type { StateItem } from '../../model/checkpoint/capture.ts';
import { isGlob } from './glob.ts';
import { readAttributes } from './tree-item.ts';

/**
 * Shell commands that put items of a file tree back from a folder of plain files, in which they
 * lie below `root`. Folders above the items are not ours, and keep their mode and owner.
 */
export function putBackCommands(folder: string, items: readonly StateItem[]): readonly string[] {
  return items.flatMap((item) => itemCommands(shellQuote(folder), item));
}

/**
 * What was added since stays, as a folder of plain files does not know of it: the lines say so, and
 * print what lies below these paths now and did not then. `paths`: as configured.
 */
export function addedSinceCommands(folder: string, paths: readonly string[]): readonly string[] {
  const roots = paths.filter(isPlainRoot).map((path) => (isGlob(path) ? path : shellQuote(path)));
  if (roots.length === 0) return ['# what was added since stays'];
  const then = `${shellQuote(`${folder}/root`)}"$path"`;
  return [
    '# what was added since stays; it is printed, with what is excluded, for you to remove:',
    `find ${roots.join(' ')} 2> /dev/null | while IFS= read -r path; do ` +
      `[ -e ${then} ] || [ -L ${then} ] || echo "added since: $path"; done`,
  ];
}

/** What a shell finds as we do: a pattern of one level without anything to quote, or none. */
function isPlainRoot(path: string): boolean {
  return !isGlob(path) || (/^[\w@%+=:,./*?-]+$/.test(path) && !path.includes('**'));
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
