import { ok } from '../../base/result.ts';
import { filesOf } from '../../filetree/compare/files-of.ts';
import { putBackCommands } from '../../filetree/compare/put-back-commands.ts';
import { differingItems, treeChange } from '../../filetree/compare/tree-changes.ts';
import { treeCommands } from '../../filetree/compare/tree-commands.ts';
import { validateTree } from '../../filetree/validate-tree.ts';
import type { StateImage } from '../../model/checkpoint/capture.ts';
import type { Change } from '../../model/checkpoint/change.ts';
import type { StateSpec } from '../../model/component/component.ts';
import type { Provider, ProposedStep } from '../../ports/provider.ts';
import { localProvider } from '../local-provider.ts';
import { applyLayered } from './apply-layered.ts';
import type { LayeredSpec } from './layered-spec.ts';
import type { LayeredState } from './layered-state.ts';
import { lookAtLayers, persistentScope, runningOf } from './look-at-layers.ts';

/** The provider of a state with a running and a persistent layer. */
export function layeredProvider<Spec extends LayeredSpec>(
  state: LayeredState<Spec>,
): Provider<Spec> {
  const { kind, specSchema, scope, carriesTraffic, traits, refusal } = state;
  return localProvider<Spec>({
    kind,
    carriesTraffic,
    specSchema,
    scope,
    traits,
    refusal,
    disruption: () => state.disruption ?? 'none',
    changes: (of, from, to) => layeredChanges(state, of, from, to),
    byHand: (spec, image, folder) => [
      ...putBackCommands(folder, filesOf(image).items),
      ...state.byHand(spec, runningOf(image).items, folder),
    ],
    plan: (_spec, now, to) => layeredPlan(state, now, to),
    look: (spec, io, store) => lookAtLayers(state, spec, io, store),
    async validate(spec, desired, io) {
      const now = await lookAtLayers(state, spec, io, false);
      if (!now.ok) return now;
      const { image } = now.value;
      const running = await state.validate(spec, runningOf(image), runningOf(desired), io);
      if (!running.ok) return running;
      const [is, will] = [filesOf(image), filesOf(desired)];
      return ok([...running.value, ...(await validateTree(persistentScope(spec), is, will, io))]);
    },
    apply: (spec, task, io) => applyLayered(state, spec, task, io),
  });
}

type Words<Spec extends LayeredSpec> = Pick<
  LayeredState<Spec>,
  'describe' | 'commands' | 'disruption'
>;

function layeredChanges<Spec extends LayeredSpec>(
  state: Words<Spec>,
  of: StateSpec,
  from: StateImage,
  to: StateImage,
): readonly Change[] {
  return differingItems(from, to).map((pair) => {
    const isFile = pair.path.startsWith('/');
    const change = treeChange(of, pair, isFile ? 'none' : (state.disruption ?? 'none'));
    if (isFile) return change;
    return {
      ...change,
      ...(pair.from === undefined ? {} : { before: state.describe(pair.from, pair.to) }),
      ...(pair.to === undefined ? {} : { after: state.describe(pair.to, pair.from) }),
    };
  });
}

/** One step: what runs, then the files. */
function layeredPlan<Spec extends LayeredSpec>(
  state: Words<Spec>,
  now: StateImage,
  to: StateImage,
): readonly ProposedStep[] {
  const pairs = differingItems(now, to);
  if (pairs.length === 0) return [];
  const running = pairs.filter(({ path }) => !path.startsWith('/'));
  const files = pairs.filter(({ path }) => path.startsWith('/'));
  const commands = [...state.commands(running), ...treeCommands(files)];
  const disruption = running.length === 0 ? 'none' : (state.disruption ?? 'none');
  return [{ paths: pairs.map(({ path }) => path), commands, disruption }];
}
