import { shellQuote } from '../../../base/shell-quote.ts';
import {
  differingItems,
  treeChange,
  type ItemPair,
} from '../../../filetree/compare/tree-changes.ts';
import { treeDisruption } from '../../../local-provider/spec-parts.ts';
import type { StateImage } from '../../../model/checkpoint/capture.ts';
import type { Change } from '../../../model/checkpoint/change.ts';
import type { StateSpec } from '../../../model/component/component.ts';
import type { ProposedStep } from '../../../ports/provider.ts';
import { releaseFolder, type DeploymentSpec } from './deployment-spec.ts';
import { CURRENT, RELEASE, targetOf } from './release-image.ts';

/** Differences between two releases told one by one; more are told as a sum. */
const FILES_TOLD = 10;

/** Names of a sum. */
const NAMES_TOLD = 5;

/**
 * The switch of the link first, then what differs between the releases. Between two releases much
 * may differ and the release's name says it all; within one release every file counts.
 */
export function deploymentChanges(
  state: StateSpec,
  from: StateImage,
  to: StateImage,
  disruption: Change['disruption'],
): readonly Change[] {
  const pairs = differingItems(from, to);
  const link = pairs
    .filter(({ path }) => path === CURRENT)
    .map((pair) => linkChange(state, pair, disruption));
  const rest = pairs.filter(({ path }) => path !== CURRENT);
  const isSwitch = targetOf(from) !== targetOf(to);
  if (!isSwitch || rest.length <= FILES_TOLD) {
    return [...link, ...rest.map((pair) => treeChange(state, pair, disruption))];
  }
  return [...link, sumOf(state, rest, disruption)];
}

function linkChange(state: StateSpec, pair: ItemPair, disruption: Change['disruption']): Change {
  const change = treeChange(state, pair, disruption);
  const before = pair.from === undefined ? undefined : pair.from.attributes['target'];
  const after = pair.to === undefined ? undefined : pair.to.attributes['target'];
  return {
    ...change,
    ...(typeof before === 'string' ? { before } : {}),
    ...(typeof after === 'string' ? { after } : {}),
  };
}

function sumOf(
  state: StateSpec,
  pairs: readonly ItemPair[],
  disruption: Change['disruption'],
): Change {
  const names = pairs.slice(0, NAMES_TOLD).map(({ path }) => path.slice(RELEASE.length + 1));
  const count = (isOne: (pair: ItemPair) => boolean): number => pairs.filter(isOne).length;
  const made = count(({ from }) => from === undefined);
  const gone = count(({ to }) => to === undefined);
  const sum = `${made} new, ${gone} gone, ${pairs.length - made - gone} changed`;
  return {
    state: state.id,
    component: state.component,
    path: RELEASE,
    op: 'update',
    before: `${pairs.length} files of the two releases differ`,
    after: `${sum}: ${names.join(', ')} and ${pairs.length - names.length} more`,
    secret: false,
    reversible: pairs.some(({ to }) => to?.attributes['unreadable'] === true) ? 'no' : 'yes',
    disruption,
  };
}

/** One step: make the release as it was, switch the link, restart. */
export function deploymentPlan(
  spec: DeploymentSpec,
  now: StateImage,
  to: StateImage,
): readonly ProposedStep[] {
  const pairs = differingItems(now, to);
  if (pairs.length === 0) return [];
  const target = targetOf(to);
  const folder = target === undefined ? undefined : releaseFolder(spec, target);
  const current = shellQuote(spec.current);
  const commands: string[] = [];
  if (folder !== undefined) commands.push(`# make ${folder} as it was captured`);
  if (targetOf(now) !== target) {
    const words =
      target === undefined ? `rm ${current}` : `ln -sfn ${shellQuote(target)} ${current}`;
    commands.push(words);
  }
  if (spec.restart !== undefined) commands.push(spec.restart.map(shellQuote).join(' '));
  const paths = pairs.map(({ path }) => path);
  return [{ paths, commands, disruption: treeDisruption(spec) }];
}
