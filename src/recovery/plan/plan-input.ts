import type { Capture, StateImage } from '../../model/checkpoint/capture.ts';
import type { Change } from '../../model/checkpoint/change.ts';
import type { CheckpointId, CheckpointStatus } from '../../model/checkpoint/checkpoint.ts';
import type { StaleCertificate } from '../../model/checkpoint/stale-certificate.ts';
import type { Component, StateSpec } from '../../model/component/component.ts';
import type { TravelGroup } from '../../model/component/travel-group.ts';
import type { GuardName, OnSilence } from '../../model/run/plan.ts';
import type { TargetIdentity } from '../../model/component/target-identity.ts';
import type { OutsideEffects } from './outside-effects.ts';
import type { ProposedStep, ProviderCapabilities } from '../../ports/provider.ts';

/** One state as the target has it and as it is now, with its provider's pure functions. */
export interface PlanState {
  readonly state: Pick<StateSpec, 'id' | 'component' | 'provider'>;
  readonly capture: Capture;
  /** The image of `capture`. */
  readonly wanted: StateImage;
  /** Observed just now, completely. */
  readonly now: StateImage;
  /** Who the target is. */
  readonly target?: TargetIdentity;
  readonly capabilities: Pick<
    ProviderCapabilities,
    'restorable' | 'notRestorableBecause' | 'comparesOnly' | 'dataBearing' | 'disruption'
  >;
  /** It, or the component it is of, carries the traffic of others. */
  readonly carriesTraffic: boolean;
  /** It is of the very machine that the daemon runs on. */
  readonly isHere?: boolean;
  /** `Provider.diff` bound to the state. */
  diff(from: StateImage, to: StateImage): readonly Change[];
  /** `Provider.plan` bound to the spec. */
  plan(now: StateImage, to: StateImage): readonly ProposedStep[];
  /** The other states of its group, all of them: restored together with it or not at all. */
  readonly related: readonly string[];
  /** What checkpoints saw of the state from the target on, oldest first; absent: nothing. */
  readonly history?: readonly { readonly at: string; readonly fingerprint: string }[];
  /** Certificates that it would bring back and that are no longer valid, or soon not. */
  readonly certificates?: readonly StaleCertificate[];
  /** Items that are nothing but valid certificates: no secrets, whatever they are called. */
  readonly publicPaths?: readonly string[];
  /** What is configured to belong to it and did not when it was captured; absent: nothing. */
  readonly uncovered?: readonly string[];
  /** Names of the other writers that are paused for the run. */
  readonly writers: readonly string[];
}

/** How many components are changed at once, and how long they are watched before the next. */
export interface BatchSettings {
  /** Components of the first batch; 0: it is like the others. */
  readonly canary: number;
  /** Components of each further batch. */
  readonly size: number | 'all';
  readonly soakMs: number;
  readonly jitterMs: number;
}

/** Everything that decides a plan; nothing else does, not even the time. */
export interface PlanInput {
  readonly target: {
    readonly id: CheckpointId;
    readonly status: CheckpointStatus;
    /** RFC 3339. */
    readonly takenAt: string;
    /** Its level in a sentence, where its states are from different instants; else absent. */
    readonly spread?: string;
  };
  /** `undo` goes back to a run's P, in the reverse order. */
  readonly direction: 'restore' | 'undo';
  readonly states: readonly PlanState[];
  /** Groups of states that travel together; absent where there is none. */
  readonly groups?: readonly TravelGroup[];
  /** States that nobody named and that travel with one that was named. */
  readonly added?: readonly string[];
  /** What was done outside since the target; absent: nobody looked. */
  readonly effects?: OutsideEffects | 'unknown';
  /** States of the wanted components that the target does not hold or that cannot be read. */
  readonly left: readonly { readonly state: string; readonly why: string }[];
  /** The inventory, for the order. */
  readonly components: readonly Pick<Component, 'name' | 'dependsOn'>[];
  readonly gate: { readonly samples: number; readonly intervalMs: number };
  /** What is configured; absent: nothing is. */
  readonly confirmTimeoutMs?: number;
  /** What changing and checking took in runs before; absent: there were none. */
  readonly took?: { readonly ms: number };
  readonly batches: BatchSettings;
  /** What the configuration asks for; kept only where it is safe. */
  readonly onSilence: OnSilence;
  /** Health checks of the touched components and whoever stands on them. */
  readonly guards: readonly GuardName[];
  /** What the incident is about, and health checks that are red now; absent without either. */
  readonly goals?: readonly GuardName[];
  /** `reach` probes of the touched components; absent where none is named. */
  readonly reach?: readonly GuardName[];
  /** The run that lately went back because it did not heal: a person decides what comes next. */
  readonly notHealed?: string;
  /** Checks that were red before the run that is undone: it goes back to just that. */
  readonly redBefore?: readonly GuardName[];
}
