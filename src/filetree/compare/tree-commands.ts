import { shellQuote } from '../../base/shell-quote.ts';
import { describeItem, type ItemPair } from './tree-changes.ts';
import { readAttributes } from './tree-item.ts';

/** Commands shown of one step; the paths of the step name all. */
const COMMANDS_MAX = 200;

/**
 * What bringing each pair to its `to` form does, as lines a person can read and repeat; those that
 * need the content, which only a checkpoint holds, are comments of a shell.
 */
export function treeCommands(pairs: readonly ItemPair[]): readonly string[] {
  const gone = pairs.filter(({ to }) => to === undefined).toReversed();
  const kept = pairs.filter(({ to }) => to !== undefined);
  const lines = [...gone, ...kept].map(commandOf);
  if (lines.length <= COMMANDS_MAX) return lines;
  const hidden = lines.length - COMMANDS_MAX;
  return [...lines.slice(0, COMMANDS_MAX), `# and ${hidden} more of the same kinds`];
}

function commandOf({ path, from, to }: ItemPair): string {
  const quoted = shellQuote(path);
  if (to === undefined) {
    const folder = from !== undefined && readAttributes(from)?.type === 'folder';
    return folder ? `rmdir ${quoted}` : `rm ${quoted}`;
  }
  const wanted = readAttributes(to);
  if (wanted?.type === 'link') return `ln -sfn ${shellQuote(wanted.target ?? '')} ${quoted}`;
  const words = describeItem(to, from);
  return wanted?.type === 'folder'
    ? `mkdir -p ${quoted} # ${words}`
    : `# write ${quoted}: ${words}`;
}
