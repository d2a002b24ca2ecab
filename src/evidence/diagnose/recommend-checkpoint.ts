import type { CheckpointStatus, CheckpointView } from '../../model/checkpoint/checkpoint.ts';
import {
  givenUp,
  givenUpText,
  heldBy,
  versionsGivenUp,
  type GivenUp,
  type Held,
} from './given-up.ts';
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

/** A checkpoint that may be gone back to, with what it gives up against the newest of its kind. */
interface Candidate {
  readonly view: CheckpointView;
  readonly givenUp: readonly GivenUp[];
}

/**
 * Chooses where to go back to (recovery.md 4.2, rule 9), see `rankCheckpoints`. Never a suspect,
 * bad or unrestorable one, nor one that holds the very state that is to be taken back, nor the P of
 * a rollback: that is what was gone back from. Undefined when there is none.
 */
export function recommendCheckpoint(input: RecommendationInput): Recommendation | undefined {
  const ranked = rankCheckpoints(input);
  const [checkpoint] = ranked;
  if (checkpoint === undefined) return undefined;
  const isUnproven = !isShownGood(checkpoint);
  const why = whyFirst(checkpoint, ranked, input);
  const runnerUp = runnerUpOf(checkpoint, ranked);
  if (runnerUp === undefined) return { checkpoint, why, isUnproven };
  const second = whySecond(checkpoint, runnerUp, ranked, input);
  return { checkpoint, runnerUp, whySecond: second, why, isUnproven };
}

/**
 * Every checkpoint that may be gone back to, the best first: one that was shown to be good before
 * any other; then the one that gives up the fewest versions which had nothing to do with the
 * trouble, so the newest from before the first symptom and those that hold the same; among these
 * proven before good, then the newest, then the one that differs least from now, then the one that
 * interrupts least.
 */
export function rankCheckpoints(input: RecommendationInput): readonly CheckpointView[] {
  const views = input.checkpoints.filter((view) => isCandidate(view, input));
  const held = heldByGood(views);
  return views
    .map((view): Candidate => ({ view, givenUp: givenUp(view, held) }))
    .toSorted(
      ({ view: a, givenUp: lostByA }, { view: b, givenUp: lostByB }) =>
        Number(isShownGood(b)) - Number(isShownGood(a)) ||
        versionsGivenUp(lostByA) - versionsGivenUp(lostByB) ||
        RANK[b.status] - RANK[a.status] ||
        (msBetween(a.manifest.takenAt, b.manifest.takenAt) ?? 0) ||
        differing(a, input).length - differing(b, input).length ||
        disruptionOf(a, input) - disruptionOf(b, input) ||
        (a.id < b.id ? -1 : 1),
    )
    .map(({ view }) => view);
}

/**
 * The second choice among those that are ranked: the best one that was shown better than the
 * first, where there is one, for that is what a person may prefer; else the next one.
 */
export function runnerUpOf(
  first: CheckpointView,
  ranked: readonly CheckpointView[],
): CheckpointView | undefined {
  const others = ranked.filter(({ id }) => id !== first.id);
  return others.find(({ status }) => RANK[status] > RANK[first.status]) ?? others[0];
}

/** What decided between two, by the order of the rule; a person may have named the first. */
export function whySecond(
  first: CheckpointView,
  second: CheckpointView,
  ranked: readonly CheckpointView[],
  input: RecommendationInput,
): string {
  const held = heldByGood(ranked);
  const [kept, lost] = [givenUp(first, held), givenUp(second, held)];
  const lostMore = versionsGivenUp(lost) - versionsGivenUp(kept);
  const isAlike = first.status === second.status;
  const is = `it is ${second.status}`;
  if (isShownGood(first) && !isShownGood(second)) return `${is}, not shown to be good`;
  if (lostMore > 0) return `${is}, ${isAlike ? 'too, ' : ''}but gives up ${givenUpText(lost)}`;
  const asked = 'but was not the one asked for';
  if (lostMore < 0) return `${is} and does not give up ${givenUpText(kept)}, ${asked}`;
  const rank = RANK[first.status] - RANK[second.status];
  if (rank > 0) return `${is}, not ${first.status}, and gives up no less`;
  if (rank < 0) return `${is}, ${asked}`;
  return whyAlikeSecond(first, second, input);
}

/** What decided between two of the same status that give up as much. */
function whyAlikeSecond(
  first: CheckpointView,
  second: CheckpointView,
  input: RecommendationInput,
): string {
  const newerMs = msBetween(second.manifest.takenAt, first.manifest.takenAt) ?? 0;
  const takenAt = clock(second.manifest.takenAt, input.before);
  if (newerMs > 0) return `it is ${second.status}, too, but older: taken at ${takenAt}`;
  if (newerMs < 0) return `it is newer, taken at ${takenAt}, but was not the one asked for`;
  const [near, far] = [differing(first, input).length, differing(second, input).length];
  if (near !== far) return `it is as new, but ${far} states of it differ from now, not ${near}`;
  const isCalmer = disruptionOf(first, input) < disruptionOf(second, input);
  return isCalmer ? 'it is as new, but going there interrupts more' : 'nothing tells them apart';
}

function whyFirst(
  checkpoint: CheckpointView,
  ranked: readonly CheckpointView[],
  input: RecommendationInput,
): string {
  const { id, status, statusReason, manifest } = checkpoint;
  const symptom = input.nothingFailed ? '' : ', before the first symptom';
  const taken = `taken at ${clock(manifest.takenAt, input.before)}${symptom}`;
  if (!isShownGood(checkpoint)) {
    return `${id} is the newest one ${taken}; unproven: ${statusReason}`;
  }
  const newest = heldByGood(ranked)[0]?.view.id ?? id;
  if (newest === id) return `${id} is the newest ${status} one, ${taken}`;
  return `${id} is ${status}, ${taken}, and holds the same as the newest good one, ${newest}`;
}

/** What was shown to be good, the newest first; all where nothing was. */
function heldByGood(views: readonly CheckpointView[]): readonly Held[] {
  const good = views.filter(isShownGood);
  return heldBy(good.length > 0 ? good : views);
}

function isShownGood({ status }: CheckpointView): boolean {
  return RANK[status] >= RANK_GOOD;
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
  if (RANK[view.status] === 0 || view.manifest.reason.kind === 'before-rollback') return false;
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
