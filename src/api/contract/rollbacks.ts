import { z } from 'zod';
import type { RunReport } from '../../model/run/run-report.ts';
import { CONFIRM_MS_MAX } from '../../model/run/confirm-time.ts';
import type { HoldView } from '../../model/run/hold.ts';
import {
  RUN_STATES,
  type RunApproval,
  type RunProgress,
  type RunView,
} from '../../model/run/run.ts';
import type { UndrivenRun } from '../../model/run/undriven.ts';
import { onSilence } from './plans.ts';
import { describes, route } from './route.ts';
import { instantText, name, queryNumber, reason } from './words.ts';

const texts = z.array(z.string());

const progress = describes<RunProgress>()(
  z.object({
    state: z.string(),
    component: z.string(),
    at: z.enum(['before', 'target', 'torn', 'foreign', 'unknown']),
    report: z.string(),
    readAt: instantText.exactOptional(),
    items: texts.exactOptional(),
  }),
);

const approval = describes<RunApproval>()(
  z.object({
    why: z.string(),
    risks: texts,
    until: instantText,
    by: z.string().exactOptional(),
    breakGlass: z.string().exactOptional(),
  }),
);

const reportItem = z.object({ state: z.string(), path: z.string() });
const reportProblem = reportItem.extend({ why: z.string() });

const report = describes<RunReport>()(
  z.object({
    changed: z.array(reportItem),
    equal: z.array(z.object({ state: z.string(), items: z.number() })),
    skipped: z.array(reportProblem),
    failed: z.array(reportProblem),
  }),
);

const undriven = describes<UndrivenRun>()(
  z.object({
    journalAt: z.string(),
    deadMan: z.enum(['watching', 'reverting', 'reverted', 'gone', 'unknown']),
    why: z.string().exactOptional(),
    found: z
      .array(z.object({ state: z.string(), at: z.enum(['before', 'foreign', 'unknown']) }))
      .exactOptional(),
  }),
);

/** A run as `rollback status` shows it. */
export const runView = describes<RunView>()(
  z.object({
    run: z.string(),
    plan: z.string(),
    planHash: z.string(),
    state: z.enum(RUN_STATES),
    nonce: z.string().exactOptional(),
    requestedBy: z.string(),
    approval: approval.exactOptional(),
    startedAt: instantText,
    endedAt: instantText.exactOptional(),
    deadline: instantText.exactOptional(),
    confirmTimeoutMs: z.number(),
    onSilence,
    decision: z.enum(['CONFIRM', 'CANCEL', 'EXPIRE']).exactOptional(),
    why: z.string().exactOptional(),
    code: z.string().exactOptional(),
    healed: z.boolean().exactOptional(),
    harmed: z.literal(true).exactOptional(),
    target: z.string(),
    before: z.string().exactOptional(),
    incident: z.string().exactOptional(),
    undoOf: z.string().exactOptional(),
    progress: z.array(progress),
    batch: z.object({ number: z.number(), of: z.number(), components: texts }),
    checks: z
      .array(
        z.object({
          role: z.enum(['guard', 'goal', 'not-judged', 'beside']),
          check: z.string(),
          component: z.string(),
          color: z.enum(['green', 'red', 'unknown']),
          seen: z.string(),
          at: instantText.exactOptional(),
        }),
      )
      .exactOptional(),
    outlook: z.string().exactOptional(),
    report: report.exactOptional(),
    history: z.array(z.object({ state: z.enum(RUN_STATES), at: instantText })).exactOptional(),
    extensions: z
      .array(z.object({ at: instantText, by: z.string(), until: instantText }))
      .exactOptional(),
    refusedConfirms: z
      .array(z.object({ at: instantText, by: z.string(), code: z.string(), why: z.string() }))
      .exactOptional(),
    byHand: texts,
    undriven: undriven.exactOptional(),
    released: z.string().exactOptional(),
  }),
);

/** What `apply` and `undo` answer once the run is journaled. */
export interface RunStarted {
  readonly run: string;
  /** Shown this once; only its hash is kept. */
  readonly token: string;
  /**
   * Until then at least somebody may confirm before silence takes its declared meaning, RFC 3339.
   * What counts is the run's own `deadline`, which is there once the way back is armed: later by
   * what preparing took. Null while the run waits for the second word: it counts from after that.
   */
  readonly deadline: string | null;
  /** So long it can be confirmed, counted from before its first change. */
  readonly confirmTimeoutMs: number;
}

const runStarted = describes<RunStarted>()(
  z.object({
    run: z.string(),
    token: z.string(),
    deadline: instantText.nullable(),
    confirmTimeoutMs: z.number(),
  }),
);

/** The state of the hold. */
export const holdView = describes<HoldView>()(
  z.object({
    on: z.boolean(),
    reason: z.string().exactOptional(),
    by: z.string().exactOptional(),
    since: instantText.exactOptional(),
    armed: texts,
  }),
);

const breakGlass = reason
  .optional()
  .describe('replaces a missing second approver, with a reason; everybody is told');
const run = z.strictObject({ run: name });

/** Calls about runs and the hold. */
export const ROLLBACK_ROUTES = {
  planApply: route({
    method: 'POST',
    path: '/plans/{id}/apply',
    summary: 'Runs a plan; refused when the world differs from what it was made for.',
    permissions: ['apply'],
    action: 'plan.apply',
    input: z.strictObject({ id: name, planHash: name, breakGlass }),
    answer: runStarted,
  }),
  runList: route({
    method: 'GET',
    path: '/runs',
    summary: 'Runs, newest first.',
    permissions: ['read'],
    input: z.strictObject({ limit: queryNumber(1, 1000).default(100) }),
    answer: z.object({
      runs: z.array(runView).readonly(),
      // Those whose journal cannot be read; an older daemon does not tell them.
      unread: texts.readonly().optional(),
    }),
  }),
  runShow: route({
    method: 'GET',
    path: '/runs/{run}',
    summary: 'One run with its nonce, its progress and what remains to be done by hand.',
    permissions: ['read'],
    input: run,
    answer: runView,
  }),
  runApprove: route({
    method: 'POST',
    path: '/runs/{run}/approve',
    summary: 'The second word for a run that waits for it; never by who asked for the run.',
    permissions: ['approve'],
    action: 'run.approve',
    input: z.strictObject({
      run: name,
      planHash: name.describe('The plan that was looked at; any other one is refused.'),
    }),
    answer: runView,
  }),
  runReject: route({
    method: 'POST',
    path: '/runs/{run}/reject',
    summary: 'Ends a run that waits for the second word; nothing was changed.',
    permissions: ['approve'],
    action: 'run.reject',
    input: z.strictObject({ run: name, reason }),
    answer: runView,
  }),
  runConfirm: route({
    method: 'POST',
    path: '/runs/{run}/confirm',
    summary: 'Keeps the new state; needs the token of apply and the nonce of the run.',
    permissions: ['confirm'],
    action: 'run.confirm',
    input: z.strictObject({
      run: name,
      token: name.optional().describe('What apply answered; a run that began by itself has none.'),
      nonce: name,
    }),
    answer: runView,
  }),
  runExtend: route({
    method: 'POST',
    path: '/runs/{run}/extend',
    summary:
      'Gives a run that waits to be confirmed more time, until an hour after its first change at ' +
      'most; needs the token of apply.',
    permissions: ['confirm'],
    action: 'run.extend',
    input: z.strictObject({
      run: name,
      token: name.optional().describe('What apply answered; a run that began by itself has none.'),
      nonce: name.optional().describe('Of the run as it was seen; compared where it is given.'),
      seconds: z
        .int()
        .min(1)
        .max(CONFIRM_MS_MAX / 1000)
        .describe('So many beyond its deadline.'),
    }),
    answer: runView,
  }),
  runCancel: route({
    method: 'POST',
    path: '/runs/{run}/cancel',
    summary: 'Goes back to the state before the run; always safe.',
    permissions: ['cancel'],
    action: 'run.cancel',
    input: run,
    answer: runView,
  }),
  runUndo: route({
    method: 'POST',
    path: '/runs/{run}/undo',
    summary: 'Starts a run that restores the state before a committed run.',
    permissions: ['apply'],
    action: 'run.undo',
    input: z.strictObject({ run: name, breakGlass }),
    answer: runStarted,
  }),
  runResume: route({
    method: 'POST',
    path: '/runs/{run}/resume',
    summary: 'Decides a run that needs an operator: before, accept, or accept and plan from there.',
    permissions: ['apply'],
    action: 'run.resume',
    input: z.strictObject({ run: name, choice: z.enum(['target', 'before', 'accept']) }),
    answer: runView,
  }),
  holdShow: route({
    method: 'GET',
    path: '/hold',
    summary: 'Whether writing is on hold.',
    permissions: ['read'],
    input: z.strictObject({}),
    answer: holdView,
  }),
  holdSet: route({
    method: 'PUT',
    path: '/hold',
    summary: 'Stops every write by lastgood at once, or lets it write again.',
    permissions: ['cancel'],
    action: 'hold.set',
    input: z.strictObject({ on: z.boolean(), reason }),
    answer: holdView,
  }),
};
