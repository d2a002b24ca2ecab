import type { Brand } from '../../base/brand.ts';
import type { Capture, ConsistencyLevel } from './capture.ts';
import type { ProbeSample, Verdict } from '../health/verdict.ts';

/** `cp_` and the first 24 hexadecimal digits of the hash of the manifest: the id is the content. */
export type CheckpointId = Brand<string, 'CheckpointId'>;

/** Why a checkpoint was taken. */
export type CheckpointReason =
  | { readonly kind: 'first' }
  | { readonly kind: 'schedule' }
  | { readonly kind: 'manual'; readonly actor: string; readonly note?: string }
  | { readonly kind: 'trigger'; readonly trigger: string }
  | { readonly kind: 'change'; readonly component: string; readonly version?: string }
  | { readonly kind: 'before-rollback'; readonly run: string };

/** Evidence of a source is complete up to `time`; absent time: nothing was received yet. */
export interface SourceWatermark {
  readonly source: string;
  readonly time?: string;
  /** When it last told that records were lost for good; absent when it never did. */
  readonly gapAt?: string;
}

/** What one component keeps may name what another one keeps: the order to its database's row. */
export interface Reference {
  readonly from: string;
  readonly to: string;
}

/** A component that was frozen while it was captured. */
export interface Quiesced {
  readonly component: string;
  /** From when its freeze was told as done until its thaw was. */
  readonly ms: number;
  /** Why it did not stand still to the end, or was not let go on in time. */
  readonly problem?: string;
}

/** The sealed, immutable content of a checkpoint; its hash is its id. */
export interface CheckpointManifest {
  readonly version: 1;
  readonly takenAt: string;
  readonly reason: CheckpointReason;
  /** Nothing observed changed between these two instants (level L1). RFC 3339. */
  readonly stableFrom: string;
  readonly stableTo: string;
  readonly consistency: ConsistencyLevel;
  /** When the first capture began and the last one ended; absent in those of older versions. */
  readonly capturedFrom?: string;
  readonly capturedTo?: string;
  /** Level L2: components that refer to others, and were read before those. */
  readonly references?: readonly Reference[];
  /** Components with hooks, frozen while they were captured; absent where none has any. */
  readonly quiesced?: readonly Quiesced[];
  /** Components of the inventory of which nothing is held; absent in those of older versions. */
  readonly absent?: readonly string[];
  readonly captures: readonly Capture[];
  /** What could not be captured at all, and why. */
  readonly failures: readonly { readonly state: string; readonly why: string }[];
  /** The health checks as they were when it was taken. */
  readonly verdict: Verdict;
  readonly samples: readonly ProbeSample[];
  readonly watermarks: readonly SourceWatermark[];
}

/** Computed from facts, never stored: see `recovery.md` 4.2. */
export type CheckpointStatus =
  | 'captured'
  | 'restorable'
  | 'good'
  | 'proven'
  | 'suspect'
  | 'bad'
  | 'unrestorable';

/** What ran while a checkpoint soaked, and what is known to exist and did not: `component span`. */
export interface Exercise {
  readonly exercised: readonly string[];
  readonly notExercised: readonly string[];
}

/** One append-only fact about a checkpoint. Times are RFC 3339. */
export type CheckpointFact =
  | { readonly kind: 'sealed'; readonly at: string; readonly manifest: CheckpointManifest }
  | { readonly kind: 'read-back'; readonly at: string; readonly ok: boolean; readonly why: string }
  | { readonly kind: 'soak-sample'; readonly at: string; readonly verdict: Verdict }
  | {
      readonly kind: 'soak-ended';
      readonly at: string;
      readonly healthy: boolean;
      readonly why: string;
      /** What ran meanwhile; absent when nobody counted it. */
      readonly exercise?: Exercise;
    }
  | {
      readonly kind: 'incident';
      readonly at: string;
      readonly incident: string;
      readonly hash: string;
      /** The state with that fingerprint; absent in facts of older versions. */
      readonly state?: string;
    }
  | { readonly kind: 'incident-cleared'; readonly at: string; readonly incident: string }
  | {
      readonly kind: 'restored';
      readonly at: string;
      readonly run: string;
      readonly healed: boolean;
      /** What was as the checkpoint has it at the end; absent in facts of older versions. */
      readonly states?: readonly string[];
    }
  /** A run went there and had to go back: something that was healthy before turned red. */
  | {
      readonly kind: 'bad-candidate';
      readonly at: string;
      readonly run: string;
      /** What turned red, in a sentence. */
      readonly why: string;
    }
  | {
      readonly kind: 'pinned';
      readonly at: string;
      readonly actor: string;
      readonly reason: string;
    }
  | { readonly kind: 'unpinned'; readonly at: string; readonly actor: string }
  | { readonly kind: 'forgotten'; readonly at: string; readonly actor: string };

/** What stands in a pin whose person gave no reason: it keeps the checkpoint and says no more. */
export const PINNED_WITHOUT_REASON = 'pinned by hand';

/** Whether nothing of a checkpoint can be restored: it only tells what changed since. */
export function isCompareOnly({ captures }: Pick<CheckpointManifest, 'captures'>): boolean {
  return captures.length > 0 && captures.every(({ compareOnly }) => compareOnly);
}

/** A checkpoint as `list` and `show` print it. */
export interface CheckpointView {
  readonly id: CheckpointId;
  readonly status: CheckpointStatus;
  /** Why it has this status; when it becomes good, when health holds. */
  readonly statusReason: string;
  /** When it becomes good if health holds, RFC 3339. */
  readonly goodAt?: string;
  readonly pinned: boolean;
  /** What it was seen to work for; absent when no soak counted it. */
  readonly exercise?: Exercise;
  /** How consistent it is: `L1 stable read`. */
  readonly level: string;
  /** The level and what may be claimed because of it, in a sentence. */
  readonly claim: string;
  /** What it holds and what it leaves out, in sentences. */
  readonly coverage: readonly string[];
  readonly manifest: CheckpointManifest;
}
