import type { RunReport } from './run-report.ts';
import type { ProbeColor } from '../health/verdict.ts';
import type { GuardName, OnSilence } from './plan.ts';
import type { UndrivenRun } from './undriven.ts';

/** The states of a run, see recovery.md 3. The last four are terminal. */
export const RUN_STATES = [
  'PLANNED',
  'AWAITING_APPROVAL',
  'PREPARING',
  'APPLYING',
  'VERIFYING',
  'AWAITING_CONFIRM',
  'COMMITTING',
  'REVERTING',
  'COMMITTED',
  'REVERTED',
  'ABORTED',
  'NEEDS_OPERATOR',
] as const;

/** One of `RUN_STATES`. */
export type RunState = (typeof RUN_STATES)[number];

/** Whether a run in this state is over. */
export function isTerminal(state: RunState): boolean {
  return (
    state === 'COMMITTED' ||
    state === 'REVERTED' ||
    state === 'ABORTED' ||
    state === 'NEEDS_OPERATOR'
  );
}

/** Where one state (component/provider) of a run stands. */
export interface RunProgress {
  readonly state: string;
  readonly component: string;
  /** `target` = as the checkpoint wants, `before` = as P, `foreign` = changed by somebody else. */
  readonly at: 'before' | 'target' | 'torn' | 'foreign' | 'unknown';
  readonly report: string;
  /** When it was read last while the run waits for a person, RFC 3339. */
  readonly readAt?: string;
  /** What of it is not as the run left it, by that reading; absent where all of it is. */
  readonly items?: readonly string[];
}

/** The second word of a run whose plan needs one. */
export interface RunApproval {
  /** Why one is needed. */
  readonly why: string;
  /** What would be lost or may go wrong: what whoever approves answers for. */
  readonly risks: readonly string[];
  /** The plan is void from then on, RFC 3339. */
  readonly until: string;
  /** Who gave it; absent while nobody has. */
  readonly by?: string;
  /** The reason for which the run was begun without it. */
  readonly breakGlass?: string;
}

/** When a run came to a state. */
export interface RunMoment {
  readonly state: RunState;
  /** RFC 3339. */
  readonly at: string;
}

/**
 * What a check is to a run: a *guard* must not turn red, a *goal* must turn green. One that is
 * `not-judged` was red already before, so that the gate could not judge the run by it; one that is
 * `beside` concerns what the run touches and is not a part of its gate.
 */
export type RunCheckRole = 'guard' | 'goal' | 'not-judged' | 'beside';

/** A check that concerns what a run touches, as it was asked last. */
export interface RunCheck extends GuardName {
  readonly role: RunCheckRole;
  readonly color: ProbeColor;
  /** What was seen, one sentence. */
  readonly seen: string;
  /** When, RFC 3339; absent where the gate asks it round by round. */
  readonly at?: string;
}

/** A confirm that counted for nothing. */
export interface RefusedConfirm {
  /** RFC 3339. */
  readonly at: string;
  readonly by: string;
  /** The error code they were told. */
  readonly code: string;
  readonly why: string;
}

/** More time that a run was given. */
export interface RunExtension {
  /** RFC 3339. */
  readonly at: string;
  readonly by: string;
  /** The deadline from then on, RFC 3339. */
  readonly until: string;
}

/** Where a run is among the batches of its plan. */
export interface RunBatch {
  /** 1, 2, … */
  readonly number: number;
  readonly of: number;
  readonly components: readonly string[];
}

/** What is known of a run whose journal cannot be read. */
export interface UnreadRun {
  /** Not even what it holds is known: it may be any state, so that all are locked. */
  readonly holdsAll: boolean;
}

/** A run as `GET runs/{run}` and `rollback status` show it. */
export interface RunView {
  readonly run: string;
  readonly plan: string;
  readonly planHash: string;
  readonly state: RunState;
  /** Fetched after apply and echoed by confirm, so that confirm proves a fresh connection. */
  readonly nonce?: string;
  readonly requestedBy: string;
  /** Absent when the plan needs no second word. */
  readonly approval?: RunApproval;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Confirm deadline, RFC 3339; absent until the way back is armed, from when on it counts. */
  readonly deadline?: string;
  /** So long it can be confirmed, counted from there. */
  readonly confirmTimeoutMs: number;
  readonly onSilence: OnSilence;
  readonly decision?: 'CONFIRM' | 'CANCEL' | 'EXPIRE';
  readonly why?: string;
  /** The error code that fits, when the run ended for a reason that has one. */
  readonly code?: string;
  /** Whether the gate's goals were green at the end; absent while it is not known. */
  readonly healed?: boolean;
  /** It went back because something that was healthy before it turned red. */
  readonly harmed?: true;
  readonly target: string;
  /** The checkpoint P taken just before. */
  readonly before?: string;
  readonly incident?: string;
  readonly undoOf?: string;
  readonly progress: readonly RunProgress[];
  /** Which batch of the plan is changed or watched; of a run that has ended, how far it came. */
  readonly batch: RunBatch;
  /** The checks as they were asked last; only while it is under way and is asked for alone. */
  readonly checks?: readonly RunCheck[];
  /**
   * What confirm, cancel and silence come to where somebody has changed what the run left; only
   * while it waits for a person and is asked for alone.
   */
  readonly outlook?: string;
  /** What became of each item; only of a run that has ended, and where it is asked for alone. */
  readonly report?: RunReport;
  /** When it came to each state, in order; shown with the report. */
  readonly history?: readonly RunMoment[];
  /** How it was given more time, oldest first; absent when it was not. */
  readonly extensions?: readonly RunExtension[];
  /** Confirms that were refused, oldest first; absent when none was. */
  readonly refusedConfirms?: readonly RefusedConfirm[];
  /** Commands to finish by hand, when NEEDS_OPERATOR. */
  readonly byHand: readonly string[];
  /** What else is known of it where no daemon drives it; only where it is read without one. */
  readonly undriven?: UndrivenRun;
  /** Its journal cannot be read: `target`, `plan` and `requestedBy` are `unknown`. */
  readonly unread?: UnreadRun;
  /** NEEDS_OPERATOR was accepted as it is by a person, with this reason; nothing is locked. */
  readonly released?: string;
}

/** Whether a run holds, or may hold, something of one of these components. */
export function mayHold(
  { progress, unread }: Pick<RunView, 'progress' | 'unread'>,
  components: readonly string[],
): boolean {
  if (unread?.holdsAll === true) return true;
  return progress.some(({ component }) => components.includes(component));
}

/** What a run holds, for people. */
export function heldWords({ progress, unread }: Pick<RunView, 'progress' | 'unread'>): string {
  return unread?.holdsAll === true ? 'everything' : progress.map(({ state }) => state).join(', ');
}

/** The components that a run changes, each once. */
export function componentsOf({ progress }: Pick<RunView, 'progress'>): readonly string[] {
  return [...new Set(progress.map(({ component }) => component))];
}
