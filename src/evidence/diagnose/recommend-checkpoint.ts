import type { CheckpointStatus, CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import { clock, msBetween } from './wording.ts';

/** What a checkpoint is chosen by. */
export interface RecommendationInput {
  readonly checkpoints: readonly CheckpointView[];
  /** The first symptom, RFC 3339: only checkpoints from before it can be good. */
  readonly before: string;
  /** Nothing is known to have failed: `before` is now. */
  readonly nothingFailed?: true;
  /** `StateSpec.id`s that must be restorable from it; [] for any. */
  readonly states: readonly string[];
  /** Fingerprints of the present states: a checkpoint that holds the same bad state is no help. */
  readonly current?: Readonly<Record<string, string>>;
  /** How much restoring each state interrupts or loses, 0 for nothing. */
  readonly disruption?: Readonly<Record<string, number>>;
}

/** The choice and the second one. */
export interface Recommendation {
  readonly checkpoint: CheckpointView;
  readonly runnerUp?: CheckpointView;
  /** Why the runner-up came second; absent without one. */
  readonly whySecond?: string;
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
 * before the first symptom, then the one that differs least from now, then the one that interrupts
 * least; never a suspect, bad or unrestorable one, nor one that holds the very state that is to be
 * taken back. Among checkpoints that nothing was shown of, the newest, said to be unproven.
 * Undefined when there is none.
 */
export function recommendCheckpoint(input: RecommendationInput): Recommendation | undefined {
  const [checkpoint, runnerUp] = rankCheckpoints(input);
  if (checkpoint === undefined) return undefined;
  const isUnproven = RANK[checkpoint.status] < RANK_GOOD;
  const takenAt = clock(checkpoint.manifest.takenAt, input.before);
  const taken = `taken at ${takenAt}${input.nothingFailed ? '' : ', before the first symptom'}`;
  const why = isUnproven
    ? `${checkpoint.id} is the newest one ${taken}; unproven: ${checkpoint.statusReason}`
    : `${checkpoint.id} is the newest ${checkpoint.status} one, ${taken}`;
  if (runnerUp === undefined) return { checkpoint, why, isUnproven };
  return {
    checkpoint,
    runnerUp,
    whySecond: whySecond(checkpoint, runnerUp, input),
    why,
    isUnproven,
  };
}

/** Every checkpoint that may be gone back to, the best first. */
export function rankCheckpoints(input: RecommendationInput): readonly CheckpointView[] {
  return input.checkpoints
    .filter((view) => isCandidate(view, input))
    .toSorted(
      (a, b) =>
        RANK[b.status] - RANK[a.status] ||
        (msBetween(a.manifest.takenAt, b.manifest.takenAt) ?? 0) ||
        differing(a, input).length - differing(b, input).length ||
        disruptionOf(a, input) - disruptionOf(b, input) ||
        (a.id < b.id ? -1 : 1),
    );
}

/** What decided between two, by the order of the rule; a person may have named the first. */
export function whySecond(
  first: CheckpointView,
  second: CheckpointView,
  input: RecommendationInput,
): string {
  const rank = RANK[first.status] - RANK[second.status];
  if (rank > 0) return `it is ${second.status}, and ${first.status} comes before that`;
  if (rank < 0) return `it is ${second.status} and was not the one that was named`;
  const newerMs = msBetween(second.manifest.takenAt, first.manifest.takenAt) ?? 0;
  const takenAt = clock(second.manifest.takenAt, input.before);
  if (newerMs > 0) return `it is ${second.status}, too, but older: taken at ${takenAt}`;
  if (newerMs < 0) return `it is newer, taken at ${takenAt}, and was not the one that was named`;
  const [near, far] = [differing(first, input).length, differing(second, input).length];
  if (near !== far) return `it is as new, but ${far} states of it differ from now, not ${near}`;
  const isCalmer = disruptionOf(first, input) < disruptionOf(second, input);
  return isCalmer ? 'it is as new, but going there interrupts more' : 'nothing tells them apart';
}

/** States of a checkpoint that are another version now: what going there would change. */
function differing(view: CheckpointView, { current, states }: RecommendationInput) {
  return view.manifest.captures.filter(
    ({ state, fingerprint, compareOnly }) =>
      !compareOnly &&
      (states.length === 0 || states.includes(state)) &&
      fingerprint !== current?.[state],
  );
}

function disruptionOf(view: CheckpointView, input: RecommendationInput): number {
  const worst = differing(view, input).map(({ state }) => input.disruption?.[state] ?? 0);
  return Math.max(0, ...worst);
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
