import { treeChanges, differingItems } from '../../../filetree/compare/tree-changes.ts';
import { shellQuote, treeCommands } from '../../../filetree/compare/tree-commands.ts';
import type { StateImage } from '../../../model/capture.ts';
import type { Change } from '../../../model/change.ts';
import type { StateSpec } from '../../../model/component.ts';
import type { ProposedStep } from '../../../ports/provider.ts';
import type { FilesSpec } from './files-spec.ts';

/** Per item, in path order. Whether a restart follows is the plan's to say: the spec knows. */
export function filesChanges(
  state: StateSpec,
  from: StateImage,
  to: StateImage,
): readonly Change[] {
  const spec: unknown = state.spec;
  const hasRestart =
    typeof spec === 'object' && spec !== null && 'restart' in spec && spec.restart !== undefined;
  return treeChanges(state, from, to, hasRestart ? 'restart' : 'none');
}

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
      disruption: spec.restart === undefined ? 'none' : 'restart',
    },
  ];
}
