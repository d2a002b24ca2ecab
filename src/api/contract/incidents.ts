import { z } from 'zod';
import {
  INCIDENT_STATES,
  type AutomaticAttempt,
  type Incident,
} from '../../model/incident/incident.ts';
import type { BesideRun } from '../../model/incident/beside-run.ts';
import type { DuringRun } from '../../model/incident/during-run.ts';
import type { Signal } from '../../model/incident/signal.ts';
import type { Diagnosis, RollbackAdvice, Suspect } from '../../model/incident/suspect.ts';
import { TRIGGER_ACTIONS } from '../../model/incident/trigger.ts';
import { RECORD_ORDERS } from '../../model/record/record-order.ts';
import { RUN_STATES } from '../../model/run/run.ts';
import { describes, route } from './route.ts';
import { instantText, name, queryNames, queryNumber, reason } from './words.ts';

const texts = z.array(z.string());

/** A rule or model that fired, or that cleared again. */
export const signal = describes<Signal>()(
  z.object({
    id: z.string(),
    phase: z.enum(['raised', 'cleared']),
    trigger: z.string(),
    component: z.string(),
    at: instantText,
    firstBadAt: instantText,
    value: z.number(),
    limit: z.number(),
    reason: z.string(),
    actions: z.array(z.enum(TRIGGER_ACTIONS)),
  }),
);

const suspect = describes<Suspect>()(
  z.object({
    rank: z.number(),
    component: z.string(),
    kind: z.string(),
    score: z.number(),
    verdict: z.enum(['PROVEN', 'LIKELY', 'CORRELATED', 'UNKNOWN']),
    resource: z.string().exactOptional(),
    reasons: z.array(
      z.object({ text: z.string(), evidence: texts, order: z.enum(RECORD_ORDERS).exactOptional() }),
    ),
    order: z.object({ word: z.enum(RECORD_ORDERS), text: z.string() }).exactOptional(),
  }),
);

const advice = describes<RollbackAdvice>()(
  z.object({
    helps: z.enum(['yes', 'no', 'unknown']),
    why: z.string(),
    checkpoint: z.string().exactOptional(),
    runnerUp: z.string().exactOptional(),
    whySecond: z.string().exactOptional(),
  }),
);

const duringRun = describes<DuringRun>()(
  z.object({
    run: z.string(),
    trigger: z.string(),
    component: z.string(),
    firstBadAt: instantText,
    step: z.string().exactOptional(),
    changed: z.string(),
    afterMs: z.number(),
    text: z.string(),
  }),
);

/** A rollback by itself as it was announced. */
export const announced = z.object({
  at: instantText,
  due: instantText,
  plan: z.string(),
  planHash: z.string(),
  target: z.string(),
  components: texts,
});

const automatic = describes<AutomaticAttempt>()(
  z.object({
    reasons: texts,
    asOf: instantText.exactOptional(),
    announced: announced.exactOptional(),
    calledOff: z.object({ at: instantText, why: z.string() }).exactOptional(),
    begunAt: instantText.exactOptional(),
    begunUptime: z.object({ bootId: z.string(), uptimeMs: z.number() }).exactOptional(),
  }),
);

const incidentMembers = {
  id: z.string(),
  state: z.enum(INCIDENT_STATES),
  title: z.string(),
  openedAt: instantText,
  firstBadAt: instantText,
  closedAt: instantText.exactOptional(),
  closeReason: z.string().exactOptional(),
  acknowledgedBy: z.string().exactOptional(),
  components: texts,
  signals: z.array(signal),
  firing: texts,
  runs: texts,
  automatic: automatic.exactOptional(),
  duringRuns: z.array(duringRun).exactOptional(),
};

/** An incident as lists show it. */
export type IncidentSummary = Omit<Incident, 'diagnosis'>;

/**
 * One incident, in the shape it shares with `diagnose --json`. Before it is diagnosed, `suspects`
 * is empty and `rollback.helps` is `unknown`.
 */
export type IncidentView = IncidentSummary &
  Diagnosis & {
    /** Runs that were not begun for it and changed what it is about meanwhile. */
    readonly besideRuns?: readonly BesideRun[];
  };

/** An incident without its diagnosis. */
export const incidentSummary = describes<IncidentSummary>()(z.object(incidentMembers));

const besideRun = describes<BesideRun>()(
  z.object({
    run: z.string(),
    state: z.enum(RUN_STATES),
    startedAt: instantText,
    requestedBy: z.string(),
    components: texts,
  }),
);

/** An incident with its diagnosis. */
export const incidentView = describes<IncidentView>()(
  z.object({
    ...incidentMembers,
    incident: z.object({ from: instantText, to: instantText }),
    suspects: z.array(suspect),
    rollback: advice,
    elapsedMs: z.number(),
    besideRuns: z.array(besideRun).exactOptional(),
  }),
);

const id = z.strictObject({ id: name });

/** Calls about incidents and signals. */
export const INCIDENT_ROUTES = {
  incidentList: route({
    method: 'GET',
    path: '/incidents',
    summary: 'Incidents, newest first.',
    permissions: ['read'],
    input: z.strictObject({
      state: queryNames.pipe(z.array(z.enum(INCIDENT_STATES))).optional(),
      limit: queryNumber(1, 1000).default(100),
    }),
    answer: z.object({ incidents: z.array(incidentSummary).readonly() }),
  }),
  incidentShow: route({
    method: 'GET',
    path: '/incidents/{id}',
    summary: 'One incident with its ranked suspects and whether a rollback would help.',
    permissions: ['read'],
    input: id,
    answer: incidentView,
  }),
  incidentAck: route({
    method: 'POST',
    path: '/incidents/{id}/ack',
    summary: 'Says that somebody looks after it.',
    permissions: ['incident'],
    action: 'incident.ack',
    input: id,
    answer: incidentView,
  }),
  incidentClose: route({
    method: 'POST',
    path: '/incidents/{id}/close',
    summary: 'Closes it with a reason.',
    permissions: ['incident'],
    action: 'incident.close',
    input: z.strictObject({ id: name, reason }),
    answer: incidentView,
  }),
  incidentReport: route({
    method: 'GET',
    path: '/incidents/{id}/report',
    summary: 'The whole story as Markdown, for the review afterwards.',
    permissions: ['read'],
    input: id,
    answer: z.object({ markdown: z.string() }),
  }),
  signalList: route({
    method: 'GET',
    path: '/signals',
    summary: 'Signals, newest first.',
    permissions: ['read'],
    input: z.strictObject({
      component: queryNames.optional(),
      limit: queryNumber(1, 1000).default(100),
    }),
    answer: z.object({ signals: z.array(signal).readonly() }),
  }),
};
