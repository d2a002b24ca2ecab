import type { LastgoodError } from '../../base/error.ts';
import { err, type Result } from '../../base/result.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { StateSpec } from '../../model/component/component.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';

/** A client that looks at nothing any more once it had to give way. */
export interface GivingWay {
  readonly client: ProviderClient;
  /** Why the looks that were taken are not to be kept; undefined when no way was given. */
  why(): LastgoodError | undefined;
}

/**
 * Looks only for as long as nobody else needs the hosts: `wanted` is asked before each look. Once
 * it was not, it stays so: what was seen before and after a rollback is a picture of neither.
 */
export function givingWay(client: ProviderClient, wanted: () => boolean): GivingWay {
  let gaveWay = false;
  const why = (): LastgoodError | undefined => {
    gaveWay ||= !wanted();
    if (!gaveWay) return undefined;
    return lgError('LG_CHECKPOINT_GAVE_WAY', 'a rollback began while it was being taken');
  };
  const look =
    <Answer>(ask: (state: StateSpec) => Promise<Result<Answer>>) =>
    async (state: StateSpec): Promise<Result<Answer>> => {
      const refusal = why();
      return refusal === undefined ? ask(state) : err(refusal);
    };
  return {
    client: {
      ...client,
      capture: look((state) => client.capture(state)),
      observe: look((state) => client.observe(state)),
    },
    why,
  };
}
