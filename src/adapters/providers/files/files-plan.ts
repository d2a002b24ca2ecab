import { shellQuote } from '../../../base/shell-quote.ts';
import { differingItems } from '../../../filetree/compare/tree-changes.ts';
import { treeCommands } from '../../../filetree/compare/tree-commands.ts';
import type { StateImage } from '../../../model/checkpoint/capture.ts';
import { treeDisruption } from '../../../local-provider/spec-parts.ts';
import type { ProposedStep } from '../../../ports/provider.ts';
import type { FilesSpec } from './files-spec.ts';

/** All differing items in one step, so that a restart comes once, at the end. */
export function filesPlan(
  spec: FilesSpec,
  now: StateImage,
  to: StateImage,
): readonly ProposedStep[] {
  const pairs = differingItems(now, to);
  if (pairs.length === 0) return [];
  const restart = spec.restart === undefined ? [] : [spec.restart.map(shellQuote).join(' ')];
  return [
    {
      paths: pairs.map(({ path }) => path),
      commands: [...treeCommands(pairs.filter(({ path }) => path.startsWith('/'))), ...restart],
      disruption: treeDisruption(spec),
    },
  ];
}
