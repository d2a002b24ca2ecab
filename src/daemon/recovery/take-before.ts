import { err, ok, type Result } from '../../base/result.ts';
import type { StateSpec } from '../../model/component/component.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { BeforeCheckpoint } from '../../model/run/run-world.ts';
import type { RunWorldParts } from './wire-run-world.ts';

/** Takes P of a run by the settings that the run goes by; refuses one that is not whole. */
export async function takeBefore(
  { inventory, checkpoints }: Pick<RunWorldParts, 'inventory' | 'checkpoints'>,
  run: string,
  ids: readonly string[],
): Promise<Result<BeforeCheckpoint>> {
  const states: StateSpec[] = [];
  for (const id of ids) {
    const state = inventory().state(id);
    if (!state.ok) return state;
    states.push(state.value);
  }
  const taken = await checkpoints.takeStates(states, { kind: 'before-rollback', run });
  if (!taken.ok) return taken;
  const { id, status, statusReason, manifest } = taken.value;
  const [failure] = manifest.failures;
  if (failure !== undefined) {
    return err(lgError('LG_PROVIDER_UNREADABLE', `${failure.state}: ${failure.why}`));
  }
  const [moving] = manifest.captures.filter(({ unstable }) => unstable);
  if (moving !== undefined) {
    const detail = `${moving.state} keeps changing while it is captured`;
    return err(lgError('LG_ROLLBACK_IMPOSSIBLE', detail));
  }
  if (status === 'captured' || status === 'unrestorable') {
    return err(lgError('LG_CHECKPOINT_DAMAGED', `${id}: ${statusReason}`));
  }
  return ok({
    checkpoint: id,
    states: manifest.captures.map(({ state, fingerprint, image }) => ({
      state,
      fingerprint,
      image,
    })),
  });
}
