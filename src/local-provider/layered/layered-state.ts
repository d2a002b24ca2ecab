import type { Result } from '../../base/result.ts';
import type { ItemPair } from '../../filetree/compare/tree-changes.ts';
import type { StateImage, StateItem } from '../../model/checkpoint/capture.ts';
import type { Change } from '../../model/checkpoint/change.ts';
import type { Applied, Observation, ProviderIo } from '../../ports/provider.ts';
import type { LocalState } from '../local-provider.ts';
import type { LayeredSpec } from './layered-spec.ts';

/** The running layer as it was seen. */
export interface RunningLook {
  /** No path begins with a slash: those are files. */
  readonly items: readonly StateItem[];
  readonly unreadable: Observation['unreadable'];
  readonly included: readonly string[];
  readonly excluded: readonly string[];
}

/**
 * A state that the kernel holds and that files set up again when the host starts: it has a running
 * and a persistent layer, and a rollback that restored one of them would last until the next boot
 * or come with it. The persistent layer is a file tree; this is about the running one.
 */
export interface LayeredState<Spec extends LayeredSpec> extends Pick<
  LocalState<Spec>,
  'kind' | 'specSchema' | 'scope' | 'traits' | 'refusal' | 'carriesTraffic'
> {
  /** What a change of the running layer disturbs; absent: nobody, as a kernel takes it at once. */
  readonly disruption?: Change['disruption'];
  look(spec: Spec, io: ProviderIo, store: boolean): Promise<Result<RunningLook>>;
  /** One line about an item; against another one, only what sets them apart. Pure. */
  describe(item: StateItem, other?: StateItem): string;
  /**
   * What bringing the pairs to their `to` form does, as lines a person can repeat; those that need
   * what only a checkpoint holds are comments of a shell. Pure.
   */
  commands(pairs: readonly ItemPair[]): readonly string[];
  /** See `Provider.byHand`, for the running items. Pure. */
  byHand(spec: Spec | undefined, items: readonly StateItem[], folder: string): readonly string[];
  /** What stands against bringing `now` to `desired`, as far as it shows without doing it. */
  validate(
    spec: Spec,
    now: StateImage,
    desired: StateImage,
    io: ProviderIo,
  ): Promise<Result<readonly string[]>>;
  /**
   * Fetches what the change needs, which may take long, and answers what then changes the running
   * layer at once. That is not called where somebody else changed it meanwhile.
   */
  prepare(
    spec: Spec,
    pairs: readonly ItemPair[],
    io: ProviderIo,
  ): Promise<Result<() => Promise<Applied>>>;
  /** Where the files would make something else than there is in an image of both, in sentences. */
  drift(spec: Spec, image: StateImage, io: ProviderIo): Promise<readonly string[]>;
}
