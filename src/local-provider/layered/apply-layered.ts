import { messageOf } from '../../base/error.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { filesOf } from '../../filetree/compare/files-of.ts';
import { differingItems } from '../../filetree/compare/tree-changes.ts';
import { ForeignChange } from '../../filetree/expected-item.ts';
import { foreignChange } from '../../filetree/foreign-change.ts';
import { writeTree } from '../../filetree/write-tree.ts';
import { fingerprintOf, stateImage, type StateImage } from '../../model/checkpoint/capture.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Applied, ApplyTask, ProviderIo } from '../../ports/provider.ts';
import type { LayeredSpec } from './layered-spec.ts';
import type { LayeredState } from './layered-state.ts';
import { lookAtLayers, persistentScope, runningOf } from './look-at-layers.ts';

/**
 * Brings both layers to their desired form. Everything is made ready first: contents of files lie
 * beside their places and the change of the running layer is checked, so that a full disk or a
 * refusal changes nothing. Then the running layer changes, which is what people suffer from, and
 * the files follow by one rename each. Applying twice is applying once.
 */
export async function applyLayered<Spec extends LayeredSpec>(
  state: LayeredState<Spec>,
  spec: Spec,
  task: ApplyTask,
  io: ProviderIo,
): Promise<Result<Applied>> {
  const looked = await lookAtLayers(state, spec, io, false);
  if (!looked.ok) return looked;
  const { image: now, stampAt } = looked.value;
  const foreign = foreignChange(task, now);
  if (foreign !== undefined) return err(foreign);
  const { desired, paths } = task;
  const wanted = new Set(paths);
  const differing = differingItems(runningOf(now), runningOf(desired));
  const pairs = differing.filter(({ path }) => wanted.has(path));
  const ready = await state.prepare(spec, pairs, io);
  if (!ready.ok) return ok({ kind: 'failed-clean', why: ready.error.detail });

  const running: { ended?: Applied } = {};
  const changeRunning = async (): Promise<void> => {
    if (running.ended !== undefined || pairs.length === 0) return;
    await requireSame(state, spec, runningOf(now), io);
    io.signal.throwIfAborted();
    const ended = await ready.value().catch(unknown);
    running.ended = ended;
    if (ended.kind !== 'done') throw new Error(ended.why);
  };
  const files = { now: filesOf(now), desired: filesOf(desired), stampAt };
  const scope = persistentScope(spec);
  const written = await writeTree({ ...files, scope, beforeChange: changeRunning }, paths, io);
  // Where the running layer failed, the files were left alone for that.
  if (running.ended !== undefined && running.ended.kind !== 'done') return ok(running.ended);
  if (!written.ok) return written;
  if (written.value.kind !== 'equal') return ok(written.value);
  return runningAlone(changeRunning, running);
}

/** Whoever throws in the middle of a change does not say how far it came. */
function unknown(thrown: unknown): Applied {
  return { kind: 'unknown', why: messageOf(thrown) };
}

/** The files are as desired: there is only the running layer to change. */
async function runningAlone(
  change: () => Promise<void>,
  running: { readonly ended?: Applied },
): Promise<Result<Applied>> {
  try {
    await change();
  } catch (thrown) {
    if (thrown instanceof ForeignChange) {
      return err(lgError('LG_PROVIDER_FOREIGN_CHANGE', thrown.message));
    }
    if (running.ended === undefined) throw thrown;
  }
  return ok(running.ended ?? { kind: 'done' });
}

/** Preparing took a while: somebody may have changed the running layer meanwhile. */
async function requireSame<Spec extends LayeredSpec>(
  state: LayeredState<Spec>,
  spec: Spec,
  looked: StateImage,
  io: ProviderIo,
): Promise<void> {
  const again = await state.look(spec, io, false);
  if (!again.ok) throw again.error;
  const now = stateImage(again.value.items);
  if (fingerprintOf(now) === fingerprintOf(looked)) return;
  const [other] = differingItems(looked, now);
  throw new ForeignChange(`${other?.path} was changed by somebody else; it is left as it is`);
}
