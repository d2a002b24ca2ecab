import { z } from 'zod';
import type { ClockOffset } from '../../model/evidence/clock-offset.ts';
import type { Completeness } from '../../model/evidence/completeness.ts';
import type { Standing } from '../../model/health/check-state.ts';
import type { UnresolvedName } from '../../model/component/unresolved-name.ts';
import type { CheckpointStatus } from '../../model/checkpoint/checkpoint.ts';
import type { RunView } from '../../model/run/run.ts';
import type { SourceStatus, StoreStatus } from '../../model/evidence/store-status.ts';
import type { TriggerState } from '../../model/incident/trigger.ts';
import { checkpointStatus, sourceWatermark, verdict } from './checkpoints.ts';
import {
  checkView,
  componentView,
  coverageView,
  dependency,
  unresolvedName,
  type CheckView,
} from './inventory.ts';
import { incidentSummary, type IncidentSummary } from './incidents.ts';
import type { HoldView } from '../../model/run/hold.ts';
import { holdView, runView } from './rollbacks.ts';
import { describes, nothing, route } from './route.ts';
import { instantText, name, queryNames } from './words.ts';

const texts = z.array(z.string());

/** Whether the daemon does its work; for load balancers, without an access token. */
export interface HealthView {
  readonly status: 'ok' | 'degraded' | 'failed';
}

const sourceStatus = describes<SourceStatus>()(
  z.object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(['running', 'waiting', 'failed', 'off']),
    target: z.string(),
    received: z.number(),
    records: z.number(),
    repeated: z.number(),
    leftOut: z.number(),
    rejects: z.number(),
    shed: z.number(),
    shedBy: z.array(z.object({ why: z.string(), records: z.number() })),
    refused: z.number(),
    lagMs: z.number(),
    rules: z.array(
      z.object({
        name: z.string(),
        do: z.enum(['drop', 'count', 'dedupe']),
        leftOut: z.number(),
        written: z.number(),
        lastAt: instantText.exactOptional(),
        example: z.string().exactOptional(),
      }),
    ),
    gaps: z.number().exactOptional(),
    caughtUp: z.boolean().exactOptional(),
    backlogBytes: z.number().exactOptional(),
    lastRecordAt: instantText.exactOptional(),
    problem: z.string().exactOptional(),
  }),
);

const storeStatus = describes<StoreStatus>()(
  z.object({
    records: z.number(),
    hotRecords: z.number(),
    segments: z.number(),
    segmentBytes: z.number(),
    logBytes: z.number(),
    quarantined: z.array(z.object({ segment: z.string(), why: z.string() })),
    held: z.array(z.object({ why: z.string(), segments: z.number(), bytes: z.number() })),
    watermarks: z.array(sourceWatermark),
  }),
);

const completeness = describes<Completeness>()(
  z.object({
    upTo: instantText.exactOptional(),
    complete: z.number(),
    sources: z.number(),
    incomplete: z.array(
      z.object({
        source: z.string(),
        time: instantText.exactOptional(),
        gapAt: instantText.exactOptional(),
        silent: z.literal(true).exactOptional(),
      }),
    ),
    text: z.string(),
  }),
);

const clockOffset = describes<ClockOffset>()(
  z.object({
    clock: z.string(),
    offsetNs: z.number(),
    boundNs: z.number().exactOptional(),
    method: z.string(),
    corrected: z.boolean(),
    driftPpm: z.number(),
    since: instantText.exactOptional(),
    via: texts,
  }),
);

const triggerState = describes<TriggerState>()(
  z.object({
    name: z.string(),
    signal: z.enum(['log-rate', 'error-ratio', 'span-latency', 'event', 'alert']),
    component: z.string().exactOptional(),
    value: z.number().exactOptional(),
    limit: z.number().exactOptional(),
    state: z.enum(['quiet', 'pending', 'firing', 'no-data']),
    since: instantText.exactOptional(),
    explanation: z.string(),
  }),
);

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

const statusView = describes<StatusView>()(
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
    incidents: z.array(incidentSummary),
    runs: z.array(runView),
    hold: holdView,
    coverage: z.object({ components: z.number(), complete: z.number() }),
    unresolved: z.array(unresolvedName),
    problems: z.array(problem),
  }),
);

/** One thing `doctor` looked at. */
export interface Finding {
  /** `source`, `clock`, `trigger`, `provider`, `coverage`, `key`, `disk`, `version`. */
  readonly area: string;
  readonly subject: string;
  readonly ok: boolean;
  /** What was seen, one sentence. */
  readonly seen: string;
  /** How to mend it; present when it is not ok. */
  readonly mend?: string;
}

/** Everything `doctor` looked at. */
export interface DoctorReport {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** Calls about the daemon itself and what it watches. */
export const SYSTEM_ROUTES = {
  health: route({
    method: 'GET',
    path: '/health',
    summary: 'Whether the daemon does its work.',
    permissions: [],
    input: nothing,
    answer: describes<HealthView>()(z.object({ status: z.enum(['ok', 'degraded', 'failed']) })),
  }),
  status: route({
    method: 'GET',
    path: '/status',
    summary: 'Everything on one screen.',
    permissions: ['read'],
    input: nothing,
    answer: statusView,
  }),
  doctor: route({
    method: 'GET',
    path: '/doctor',
    summary: 'Finds what is wrong and says how to mend it; makes trial captures.',
    permissions: ['read'],
    input: nothing,
    answer: describes<DoctorReport>()(
      z.object({
        ok: z.boolean(),
        findings: z.array(
          z.object({
            area: z.string(),
            subject: z.string(),
            ok: z.boolean(),
            seen: z.string(),
            mend: z.string().exactOptional(),
          }),
        ),
      }),
    ),
  }),
  sourceList: route({
    method: 'GET',
    path: '/sources',
    summary: 'Sources with their health.',
    permissions: ['read'],
    input: nothing,
    answer: z.object({ sources: z.array(sourceStatus).readonly() }),
  }),
  componentList: route({
    method: 'GET',
    path: '/components',
    summary: 'The inventory, and who needs whom: as declared and as seen.',
    permissions: ['read'],
    input: nothing,
    answer: z.object({
      components: z.array(componentView).readonly(),
      dependencies: z.array(dependency).readonly(),
      /** Since when dependencies are seen; absent while the evidence process is away. */
      seenSince: instantText.exactOptional(),
    }),
  }),
  clockList: route({
    method: 'GET',
    path: '/clocks',
    summary: 'Clocks that stamp records, and how they stand to ours.',
    permissions: ['read'],
    input: z.strictObject({ clock: queryNames.optional() }),
    answer: z.object({ clocks: z.array(clockOffset).readonly() }),
  }),
  coverageList: route({
    method: 'GET',
    path: '/coverage',
    summary: 'What each component sends and restores, what is missing, and who is unknown.',
    permissions: ['read'],
    input: nothing,
    answer: z.object({
      coverage: z.array(coverageView).readonly(),
      unresolved: z.array(unresolvedName).readonly(),
    }),
  }),
  triggerList: route({
    method: 'GET',
    path: '/triggers',
    summary: 'Triggers with what they see now.',
    permissions: ['read'],
    input: nothing,
    answer: z.object({ triggers: z.array(triggerState).readonly() }),
  }),
  triggerExplain: route({
    method: 'GET',
    path: '/triggers/{name}',
    summary: 'What one trigger read, what it saw and why it fired or not, per component.',
    permissions: ['read'],
    input: z.strictObject({ name }),
    answer: z.object({ triggers: z.array(triggerState).readonly() }),
  }),
};
