import { shellQuote } from '../../../base/shell-quote.ts';
import { differingItems } from '../../../filetree/compare/tree-changes.ts';
import type { StateImage, StateItem } from '../../../model/checkpoint/capture.ts';
import type { Change } from '../../../model/checkpoint/change.ts';
import type { StateSpec } from '../../../model/component/component.ts';
import type { ProposedStep } from '../../../ports/provider.ts';
import type { CommandSpec } from './command-spec.ts';

/** Path of the one item: what the capture command printed. */
export const OUTPUT = 'output';

/** At most one change: the output as a whole. */
export function commandChanges(
  state: StateSpec,
  from: StateImage,
  to: StateImage,
  disruption: Change['disruption'],
): readonly Change[] {
  return differingItems(from, to).map((pair) => ({
    state: state.id,
    component: state.component,
    path: pair.path,
    op: pair.from === undefined ? 'create' : pair.to === undefined ? 'delete' : 'update',
    ...(pair.from === undefined ? {} : { before: words(pair.from) }),
    ...(pair.to === undefined ? {} : { after: words(pair.to) }),
    secret: pair.from?.secret === true || pair.to?.secret === true,
    reversible: 'yes',
    disruption,
  }));
}

function words(item: StateItem): string {
  if (item.secret === true) return 'secret output';
  return `${item.size ?? 0} bytes (${item.content?.[0]?.slice(0, 8) ?? 'empty'})`;
}

/** One step: the apply command with the captured bytes. Nothing without such a command. */
export function commandPlan(
  spec: CommandSpec,
  now: StateImage,
  to: StateImage,
): readonly ProposedStep[] {
  const pairs = differingItems(now, to);
  if (pairs.length === 0 || spec.apply === undefined) return [];
  // What it reads is in the checkpoint alone.
  const commands = [`# ${spec.apply.map(shellQuote).join(' ')} < ${OUTPUT}`];
  if (spec.verify !== undefined) commands.push(spec.verify.map(shellQuote).join(' '));
  return [{ paths: pairs.map(({ path }) => path), commands, disruption: spec.disruption }];
}
