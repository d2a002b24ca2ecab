import { z } from 'zod';
import type { ClockOffset } from '../../model/evidence/clock-offset.ts';
import type { Completeness } from '../../model/evidence/completeness.ts';
import type { Standing } from '../../model/health/check-state.ts';
import type { AnnouncedRollback } from '../../model/incident/incident.ts';
import type { UnresolvedName } from '../../model/component/unresolved-name.ts';
import type { CheckpointStatus } from '../../model/checkpoint/checkpoint.ts';
import type { RunView } from '../../model/run/run.ts';
import type { SourceStatus, StoreStatus } from '../../model/evidence/store-status.ts';
import { checkpointStatus, verdict } from './checkpoint.ts';
import { clockOffset, completeness, sourceStatus, storeStatus } from './evidence-status.ts';
import { checkView, unresolvedName, type CheckView } from './inventory.ts';
import { announced, incidentSummary, type IncidentSummary } from './incidents.ts';
import type { HoldView } from '../../model/run/hold.ts';
import { holdView } from './rollbacks.ts';
import { runView } from './runs.ts';
import { describes } from './route.ts';
import { instantText } from './words.ts';

/** Whether the daemon does its work; for load balancers, without an access token. */
export interface HealthView {
  readonly status: 'ok' | 'degraded' | 'failed';
}

/** How everything that is watched stands; the daemon's own health is another matter. */
export interface StandingView extends Standing {
  readonly checks: readonly CheckView[];
}

const standingView = describes<StandingView>()(
  z.object({ verdict, judgedBy: z.number(), why: z.string(), checks: z.array(checkView) }),
);

/** A checkpoint in one line of the status. */
export interface CheckpointBrief {
  readonly id: string;
  readonly status: CheckpointStatus;
  readonly statusReason: string;
  readonly takenAt: string;
  /** It only tells what changed since; nothing can be restored from it. */
  readonly compareOnly?: true;
  readonly goodAt?: string;
}

const checkpointBrief = describes<CheckpointBrief>()(
  z.object({
    id: z.string(),
    status: checkpointStatus,
    statusReason: z.string(),
    takenAt: instantText,
    compareOnly: z.literal(true).exactOptional(),
    goodAt: instantText.exactOptional(),
  }),
);

/** Something that is wrong, and how to mend it. */
export interface Problem {
  readonly what: string;
  readonly mend: string;
}

const problem = describes<Problem>()(z.object({ what: z.string(), mend: z.string() }));

/** A rollback that begins by itself when it is due, for an incident. */
export interface AnnouncedView extends AnnouncedRollback {
  readonly incident: string;
  /** When it was announced, RFC 3339. */
  readonly at: string;
}

const announcedView = describes<AnnouncedView>()(announced.extend({ incident: z.string() }));

/** Everything on one screen. */
export interface StatusView {
  readonly version: string;
  /** `ok` when the daemon does its work and it knows of no trouble. */
  readonly health: HealthView['status'];
  readonly standing: StandingView;
  readonly startedAt: string;
  readonly dataDirectory: string;
  /** Where the wrapping key lies, to be copied to a safe place. */
  readonly keyFile: string;
  readonly evidence: {
    readonly state: 'up' | 'starting' | 'down';
    readonly restarts: number;
    readonly why?: string;
  };
  readonly store?: StoreStatus;
  readonly sources: readonly SourceStatus[];
  /** Absent while the evidence process is not up. */
  readonly completeness?: Completeness;
  readonly clocks: readonly ClockOffset[];
  readonly checkpoints: {
    readonly count: number;
    readonly last?: CheckpointBrief;
    readonly lastGood?: CheckpointBrief;
    /** The one that becomes good next if health holds. */
    readonly next?: CheckpointBrief;
  };
  /** What goes back by itself unless somebody says no; one at a time. */
  readonly announced: readonly AnnouncedView[];
  /** Not closed. */
  readonly incidents: readonly IncidentSummary[];
  /** Not at their end, and those that need an operator. */
  readonly runs: readonly RunView[];
  readonly hold: HoldView;
  readonly coverage: { readonly components: number; readonly complete: number };
  /** Names that records bear and that nobody knows; see `coverage`. */
  readonly unresolved: readonly UnresolvedName[];
  readonly problems: readonly Problem[];
}

/** The status as it crosses the wire. */
export const statusView = describes<StatusView>()(
  z.object({
    version: z.string(),
    health: z.enum(['ok', 'degraded', 'failed']),
    standing: standingView,
    startedAt: instantText,
    dataDirectory: z.string(),
    keyFile: z.string(),
    evidence: z.object({
      state: z.enum(['up', 'starting', 'down']),
      restarts: z.number(),
      why: z.string().exactOptional(),
    }),
    store: storeStatus.exactOptional(),
    sources: z.array(sourceStatus),
    completeness: completeness.exactOptional(),
    clocks: z.array(clockOffset),
    checkpoints: z.object({
      count: z.number(),
      last: checkpointBrief.exactOptional(),
      lastGood: checkpointBrief.exactOptional(),
      next: checkpointBrief.exactOptional(),
    }),
    announced: z.array(announcedView),
    incidents: z.array(incidentSummary),
    runs: z.array(runView),
    hold: holdView,
    coverage: z.object({ components: z.number(), complete: z.number() }),
    unresolved: z.array(unresolvedName),
    problems: z.array(problem),
  }),
);
