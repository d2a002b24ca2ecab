import type { LoadedSpec } from './loaded-spec.ts';
import type { Result } from '../../base/result.ts';
import type { StateImage, StateItem } from '../../model/checkpoint/capture.ts';
import type { ProviderIo } from '../../ports/provider.ts';

/** What one kind of program that loads files decides by itself. */
export interface LoadedProgram<Spec extends LoadedSpec> {
  readonly signals: { readonly reload: NodeJS.Signals; readonly stop: NodeJS.Signals };
  /** Exits with 0 when the program would load the files as they lie in their places. Pure. */
  check(spec: Spec): readonly string[];
  readonly settings?: RunningSettings<Spec>;
}

/** What of a running program can be read and set without loading its files anew. */
export interface RunningSettings<Spec> {
  /** The settings as items; their paths do not begin with a slash. */
  read(spec: Spec, io: ProviderIo): Promise<Result<readonly StateItem[]>>;
  /** Whether what differs can only come from loading files. Pure. */
  needsLoad(now: StateImage, desired: StateImage): boolean;
  /** Commands that bring them there, as a person would give them. Pure. */
  commands(spec: Spec, now: StateImage, desired: StateImage): readonly string[];
  /** Sets what differs. Fails when the program refuses. */
  set(spec: Spec, now: StateImage, desired: StateImage, io: ProviderIo): Promise<Result<void>>;
  /** One line about such an item. Pure. */
  words(item: StateItem): string;
}
