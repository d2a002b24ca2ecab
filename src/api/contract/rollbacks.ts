import { z } from 'zod';
import { CONFIRM_MS_MAX } from '../../model/run/confirm-time.ts';
import type { HoldView } from '../../model/run/hold.ts';
import { change } from './checkpoint.ts';
import { describes, route } from './route.ts';
import { runStarted, runView } from './runs.ts';
import { instantText, name, queryNumber, reason } from './words.ts';

/** The state of the hold. */
export const holdView = describes<HoldView>()(
  z.object({
    on: z.boolean(),
    reason: z.string().exactOptional(),
    by: z.string().exactOptional(),
    since: instantText.exactOptional(),
    armed: z.array(z.string()),
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
      unread: z.array(z.string()).readonly().optional(),
    }),
  }),
  runForeign: route({
    method: 'GET',
    path: '/runs/{run}/foreign',
    summary: 'What somebody else wrote where a run stopped that needs an operator, read now.',
    permissions: ['read'],
    input: run,
    answer: z.object({ changes: z.array(change).readonly() }),
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
