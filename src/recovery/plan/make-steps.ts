import { err, ok, type Result } from '../../base/result.ts';
import { fingerprintOf, type BlobHash, type StateImage } from '../../model/checkpoint/capture.ts';
import type { StateSpec } from '../../model/component/component.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { PlanStep } from '../../model/run/plan.ts';
import type { ProposedStep } from '../../ports/provider.ts';
import { mergeItems } from './merge-items.ts';

/** One state and the two images to go between. */
export interface StepsInput {
  readonly state: Pick<StateSpec, 'id' | 'component' | 'provider'>;
  readonly now: StateImage;
  readonly to: StateImage;
  /** The blob of `to`. */
  readonly desired: BlobHash;
  /** The provider's own pure plan from `now` to `to`. */
  readonly proposed: readonly ProposedStep[];
}

/**
 * Makes plan steps of what a provider proposes, numbered from 1, each with the fingerprint it
 * expects and the one it leaves. LG_ROLLBACK_IMPOSSIBLE when the last one is not the target's.
 */
export function makeSteps(input: StepsInput): Result<readonly PlanStep[]> {
  const { id: state, component, provider } = input.state;
  const steps: PlanStep[] = [];
  let image = input.now;
  let expects = fingerprintOf(image);
  for (const { paths, commands, disruption } of input.proposed) {
    image = mergeItems(image, input.to, paths);
    const becomes = fingerprintOf(image);
    const id = String(steps.length + 1);
    const words = { commands, disruption };
    const { desired } = input;
    steps.push({ id, state, component, provider, paths, expects, becomes, desired, ...words });
    expects = becomes;
  }
  if (expects === fingerprintOf(input.to)) return ok(steps);
  const detail = `the steps of ${provider} for ${state} do not lead to the wanted state`;
  return err(lgError('LG_ROLLBACK_IMPOSSIBLE', detail));
}
