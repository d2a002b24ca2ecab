import { shellQuote } from '../../../base/shell-quote.ts';
import {
  differingItems,
  treeChange,
  type ItemPair,
} from '../../../filetree/compare/tree-changes.ts';
import { treeCommands } from '../../../filetree/compare/tree-commands.ts';
import type { StateImage } from '../../../model/checkpoint/capture.ts';
import type { Change } from '../../../model/checkpoint/change.ts';
import type { StateSpec } from '../../../model/component/component.ts';
import type { ProposedStep } from '../../../ports/provider.ts';
import { ENABLED, RUNNING, wordAt } from './service-image.ts';
import type { ServiceSpec } from './service-spec.ts';
import { restartCommands, startCommand, stopCommand } from './service-commands.ts';
import { enableCommands, reloadCommand } from './systemd-unit.ts';

/** What differs, in words: `running → stopped`, `enabled → disabled`, and files as files. */
export function serviceChanges(
  state: StateSpec,
  from: StateImage,
  to: StateImage,
): readonly Change[] {
  return differingItems(from, to).map((pair) => {
    const change = treeChange(state, pair, pair.path === ENABLED ? 'none' : 'restart');
    const [before, after] = [wordAt(from, pair.path), wordAt(to, pair.path)];
    return {
      ...change,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
  });
}

/** One step: its files, then whether it starts with the host, then whether it runs. */
export function servicePlan(
  spec: ServiceSpec,
  now: StateImage,
  to: StateImage,
): readonly ProposedStep[] {
  const pairs = differingItems(now, to);
  if (pairs.length === 0) return [];
  const files = pairs.filter(({ path }) => path.startsWith('/'));
  const commands = treeCommands(files).slice();
  if (spec.unit !== undefined && files.length > 0) commands.push(told(reloadCommand(spec)));
  const [isEnabled, enabled] = [wordAt(now, ENABLED), wordAt(to, ENABLED)];
  if (spec.unit !== undefined && enabled !== undefined && isEnabled !== enabled) {
    commands.push(...enableCommands(spec, spec.unit, isEnabled ?? '', enabled).map(told));
  }
  const moves = pairs.some(({ path }) => path !== ENABLED);
  if (moves) commands.push(...runningCommands(spec, now, to, pairs).map(told));
  const paths = pairs.map(({ path }) => path);
  return [{ paths, commands, disruption: moves ? 'restart' : 'none' }];
}

function runningCommands(
  spec: ServiceSpec,
  now: StateImage,
  to: StateImage,
  pairs: readonly ItemPair[],
): readonly (readonly string[])[] {
  const [is, will] = [wordAt(now, RUNNING), wordAt(to, RUNNING)];
  if (will === 'stopped') return is === 'stopped' ? [] : [stopCommand(spec)];
  if (is === 'stopped') return [startCommand(spec)];
  return pairs.length === 0 ? [] : restartCommands(spec);
}

function told(command: readonly string[]): string {
  return command.map(shellQuote).join(' ');
}
