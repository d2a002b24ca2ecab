import type { BlobHash } from '../model/checkpoint/capture.ts';
import type { StateSpec } from '../model/component/component.ts';
import type { ExpectedTarget } from '../model/component/target-identity.ts';

/** A call to a provider as it crosses the bus: subject `host.<name>.provider`. */
export interface ProviderCall {
  readonly id: string;
  readonly method:
    | 'capabilities'
    | 'identify'
    | 'observe'
    | 'capture'
    | 'validate'
    | 'apply'
    | 'fence'
    | 'foresee'
    | 'expect'
    | 'forgo'
    | 'arm'
    | 'extend'
    | 'pending'
    | 'confirm'
    | 'cancel'
    | 'pause'
    | 'resume'
    | 'paused';
  readonly state: StateSpec;
  /** The run that a mutation, a fence or a timer is of. */
  readonly run?: string;
  /** Fencing token of the run; the runner rejects one older than it has seen (mutations only). */
  readonly runToken?: number;
  /** Whom a mutation is meant for; refused by everybody else. */
  readonly target?: ExpectedTarget;
  /** Milliseconds from receipt. */
  readonly deadlineMs: number;
  readonly desired?: BlobHash;
  readonly paths?: readonly string[];
  /** See `ApplyTask`; no mutation goes without. */
  readonly expects?: string;
  /** What the run is about to make of the state; `desired` of an `arm` is P. */
  readonly wanted?: BlobHash;
  /** See `ArmTask`, `RevertTimer.extend`; of a pause: after which he goes on by himself. */
  readonly seconds?: number;
  /** The name of whom to pause, resume or give more time: a writer of the state, or `hooksName`. */
  readonly writer?: string;
}
