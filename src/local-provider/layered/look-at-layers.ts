import { ok, type Result } from '../../base/result.ts';
import { treeScope, type TreeScope } from '../../filetree/compare/tree-scope.ts';
import { readTree, type TreeObservation } from '../../filetree/read-tree.ts';
import { stateImage, type StateImage } from '../../model/checkpoint/capture.ts';
import type { ProviderIo } from '../../ports/provider.ts';
import type { LayeredSpec } from './layered-spec.ts';
import type { LayeredState } from './layered-state.ts';

/** Files that set a kernel up are small texts; more is a mistake in the paths. */
const FILE_LIMITS = { itemsMax: 10_000, bytesMax: 64 * 1024 * 1024 };

/** The files of the persistent layer. */
export function persistentScope(spec: LayeredSpec): TreeScope {
  return treeScope(spec.persistent, [], spec.secrets);
}

/** The running items of an image. */
export function runningOf(image: StateImage): StateImage {
  return { items: image.items.filter(({ path }) => !path.startsWith('/')) };
}

/** Both layers; a capture also says where they disagree. */
export async function lookAtLayers<Spec extends LayeredSpec>(
  state: LayeredState<Spec>,
  spec: Spec,
  io: ProviderIo,
  store: boolean,
): Promise<Result<TreeObservation>> {
  const looked = await state.look(spec, io, store);
  if (!looked.ok) return looked;
  const running = looked.value;
  const scope = persistentScope(spec);
  const read = await readTree({ scope, limits: FILE_LIMITS, cacheKey: 'tree', store }, io);
  if (!read.ok) return read;
  const { image, unreadable, coverage } = read.value;
  const both = stateImage([...running.items, ...image.items]);
  // Comparing the layers costs more than looking at them, and a run looks often.
  const drift = store ? await state.drift(spec, both, io) : [];
  return ok({
    ...read.value,
    image: both,
    unreadable: [...running.unreadable, ...unreadable],
    coverage: {
      included: [...running.included, ...(spec.persistent.length === 0 ? [] : coverage.included)],
      excluded: [...running.excluded, ...(spec.persistent.length === 0 ? [] : coverage.excluded)],
    },
    ...(drift.length === 0 ? {} : { drift }),
  });
}
