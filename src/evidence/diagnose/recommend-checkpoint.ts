import type { CheckpointStatus, CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { clock, msBetween } from './wording.ts';

/** What a checkpoint is chosen by. */
export interface RecommendationInput {
  readonly checkpoints: readonly CheckpointView[];
  /** The first symptom, RFC 3339: only checkpoints from before it can be good. */
  readonly before: string;
  /** `StateSpec.id`s that must be restorable from it; [] for any. */
  readonly states: readonly string[];
  /** Fingerprints of the present states: a checkpoint that holds the same bad state is no help. */
  readonly current?: Readonly<Record<string, string>>;
}

/** The choice and the second one. */
export interface Recommendation {
  readonly checkpoint: CheckpointView;
  readonly runnerUp?: CheckpointView;
  /** One sentence: why this one. */
  readonly why: string;
  /** Its state was never shown to be good. */
  readonly isUnproven: boolean;
}

const RANK: Readonly<Record<CheckpointStatus, number>> = {
  proven: 3,
  good: 2,
  restorable: 1,
  captured: 1,
  suspect: 0,
  bad: 0,
  unrestorable: 0,
};

/** A status of at least this rank rests on evidence. */
const RANK_GOOD = 2;

/**
 * Chooses where to go back to (recovery.md 4.2, rule 9): proven before good, then the newest from
 * before the first symptom; never a suspect, bad or unrestorable one, nor one that holds the very
 * state that is to be taken back. Among checkpoints that nothing was shown of, the newest, said to
 * be unproven. Undefined when there is none.
 */
export function recommendCheckpoint(input: RecommendationInput): Recommendation | undefined {
  const candidates = input.checkpoints
    .filter((view) => isCandidate(view, input))
    .toSorted(
      (a, b) =>
        RANK[b.status] - RANK[a.status] ||
        (msBetween(a.manifest.takenAt, b.manifest.takenAt) ?? 0) ||
        (a.id < b.id ? -1 : 1),
    );
  const [checkpoint, runnerUp] = candidates;
  if (checkpoint === undefined) return undefined;
  const isUnproven = RANK[checkpoint.status] < RANK_GOOD;
  const takenAt = clock(checkpoint.manifest.takenAt, input.before);
  const taken = `taken at ${takenAt}, before the first symptom`;
  const why = isUnproven
    ? `${checkpoint.id} is the newest one ${taken}; unproven: ${checkpoint.statusReason}`
    : `${checkpoint.id} is the newest ${checkpoint.status} one, ${taken}`;
  return { checkpoint, ...(runnerUp === undefined ? {} : { runnerUp }), why, isUnproven };
}

function isCandidate(view: CheckpointView, input: RecommendationInput): boolean {
  if (RANK[view.status] === 0) return false;
  const lead = msBetween(view.manifest.takenAt, input.before);
  if (lead === undefined || lead <= 0) return false;
  if (input.states.length === 0) return view.manifest.captures.some((one) => !one.compareOnly);
  return input.states.some((state) =>
    view.manifest.captures.some(
      (capture) =>
        capture.state === state &&
        !capture.compareOnly &&
        capture.fingerprint !== input.current?.[state],
    ),
  );
}
