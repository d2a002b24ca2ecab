import { err, ok, type Result } from '../../base/result.ts';
import type { Capture } from '../../model/checkpoint/capture.ts';
import { compareScope, scopeOf, underScope } from '../../model/checkpoint/capture-scope.ts';
import type { StateSpec } from '../../model/component/component.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Inventory } from './inventory.ts';

/** A state as a capture may be restored to it. */
export interface StateAsCaptured {
  readonly state: StateSpec;
  /** What only today's settings hold: it is left alone. */
  readonly uncovered: readonly string[];
}

/**
 * A state by today's settings, restricted to what belonged to it when it was captured: of what was
 * never captured nobody knows how it should be. Where today's settings lack something that was, the
 * capture would bring back what is no part of the state any more: LG_ROLLBACK_IMPOSSIBLE.
 */
export function stateAsCaptured(
  inventory: Inventory,
  { state: id, scope }: Pick<Capture, 'state' | 'scope'>,
): Result<StateAsCaptured> {
  const found = inventory.state(id);
  if (!found.ok) return found;
  const state = found.value;
  if (scope === undefined) return ok({ state, uncovered: [] });
  const keys = inventory.provider(state).scope;
  const { kind, what } = compareScope(scope, scopeOf(state.spec, keys), keys);
  if (kind === 'same') return ok({ state, uncovered: [] });
  if (kind === 'wider') return ok({ state: underScope(state, scope, keys), uncovered: what });
  const detail =
    `${id} is configured otherwise than when it was captured, and a rollback would change what ` +
    `is no part of it now (${what.join(', ')}): take a new checkpoint, or set that back first`;
  return err(lgError('LG_ROLLBACK_IMPOSSIBLE', detail));
}
