import type { z } from 'zod';
import { ok, type Result } from '../base/result.ts';
import type { StateImage } from '../model/checkpoint/capture.ts';
import type { Change } from '../model/checkpoint/change.ts';
import type { StateSpec } from '../model/component/component.ts';
import type { Observation, Provider, ProviderCapabilities, ProviderIo } from '../ports/provider.ts';
import { hostIdentity } from './host-identity.ts';

/** Why a state may be compared but not restored. */
export type Refusal = Required<Pick<ProviderCapabilities, 'notRestorableBecause'>> &
  Pick<ProviderCapabilities, 'lacks' | 'comparesOnly'>;

/** What its own idea decides; everything else a local provider has in common with the others. */
type Traits = Pick<
  ProviderCapabilities,
  'atomic' | 'idempotent' | 'validateOnTarget' | 'exactness' | 'partial' | 'offline' | 'dataBearing'
>;

/** Of states that are written file by file; a provider names where it differs. */
const USUAL_TRAITS: Traits = {
  atomic: 'per-item',
  idempotent: true,
  validateOnTarget: true,
  exactness: 'bytes',
  partial: false,
  offline: true,
  dataBearing: false,
};

/** One kind of state on the machine of the host runner, told by its own idea alone. */
export interface LocalState<Spec> extends Pick<
  Provider<Spec>,
  'kind' | 'scope' | 'plan' | 'validate' | 'byHand' | 'carriesTraffic'
> {
  readonly specSchema: z.ZodType<Spec>;
  readonly apply: Provider<Spec>['apply'];
  /** What may stop while it is restored. Pure. */
  disruption(spec: Spec): Change['disruption'];
  /** As `Provider.diff`. `disruption` is `none` where the settings cannot be read. */
  changes(
    state: StateSpec,
    from: StateImage,
    to: StateImage,
    disruption: Change['disruption'],
  ): readonly Change[];
  /** Where it differs from what is usual. */
  traits(spec: Spec): Partial<Traits>;
  /** Why it cannot be restored, as far as the target tells without being touched. */
  refusal(spec: Spec): Promise<Refusal | undefined>;
  /** Reads the state; `store`: contents are kept as blobs rather than only hashed. */
  look(spec: Spec, io: ProviderIo, store: boolean): Promise<Result<Observation>>;
}

/** The provider of such a state: its target is this machine, which confirms nothing by itself. */
export function localProvider<Spec>(state: LocalState<Spec>): Provider<Spec> {
  const { kind, specSchema, byHand, plan, validate, apply } = state;
  return {
    kind,
    version: 1,
    specSchema,
    scope: state.scope,
    isMachine: false,
    carriesTraffic: state.carriesTraffic,
    related: () => [],
    writers: () => [],
    diff(of, from, to) {
      const spec = specSchema.safeParse(of.spec);
      return state.changes(of, from, to, spec.success ? state.disruption(spec.data) : 'none');
    },
    byHand,
    plan,
    async capabilities(spec) {
      const refusal = await state.refusal(spec);
      return ok({
        ...USUAL_TRAITS,
        ...state.traits(spec),
        confirm: 'none',
        confirmSurvives: [],
        disruption: state.disruption(spec),
        restorable: refusal === undefined,
        ...refusal,
      });
    },
    identify: async (_spec, io) => ok(hostIdentity(io)),
    observe: (spec, io) => state.look(spec, io, false),
    capture: (spec, io) => state.look(spec, io, true),
    validate,
    apply,
  };
}
