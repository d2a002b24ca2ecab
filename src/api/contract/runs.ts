import { z } from 'zod';
import type { RunReport } from '../../model/run/run-report.ts';
import {
  RUN_STATES,
  type RunApproval,
  type RunProgress,
  type RunView,
} from '../../model/run/run.ts';
import type { UndrivenRun } from '../../model/run/undriven.ts';
import { onSilence } from './plans.ts';
import { describes } from './route.ts';
import { instantText } from './words.ts';

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
    revertsAt: z.string().exactOptional(),
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
    unread: z.object({ holdsAll: z.boolean() }).exactOptional(),
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

/** `RunStarted` as it is answered. */
export const runStarted = describes<RunStarted>()(
  z.object({
    run: z.string(),
    token: z.string(),
    deadline: instantText.nullable(),
    confirmTimeoutMs: z.number(),
  }),
);
