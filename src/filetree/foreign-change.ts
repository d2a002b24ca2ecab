import type { LastgoodError } from '../base/error.ts';
import { differingItems } from './compare/tree-changes.ts';
import { fingerprintOf, type StateImage } from '../model/checkpoint/capture.ts';
import { lgError } from '../model/errors/lg-error.ts';
import type { ApplyTask } from '../ports/provider.ts';

/**
 * Why a state must not be changed: it is no longer as it was observed, and not yet as desired. A
 * state on which everything was done already has nothing that could be overwritten.
 */
export function foreignChange(
  { desired, paths, expects }: ApplyTask,
  now: StateImage,
): LastgoodError | undefined {
  if (fingerprintOf(now) === expects) return undefined;
  const wanted = new Set(paths);
  const [left] = differingItems(now, desired).filter(({ path }) => wanted.has(path));
  if (left === undefined) return undefined;
  const what = `changed by somebody else after it was looked at; ${left.path} is left as it is`;
  return lgError('LG_PROVIDER_FOREIGN_CHANGE', what);
}
