import { z } from 'zod';
import { describes, route } from './route.ts';
import { instantText, name, REASON_CHARS_MAX } from './words.ts';

/** What became of an incoming change. */
export interface ChangeReceipt {
  /** The checkpoint taken because a change started; absent when none was. */
  readonly checkpoint?: string;
}

/** How many alerts of a call became records; 200 means durable. */
export interface AlertReceipt {
  readonly accepted: number;
}

const line = z.string().max(REASON_CHARS_MAX);
const labels = z.record(z.string().max(200), line);

/** Most alerts in one call: Alertmanager groups hundreds at worst. */
const ALERTS_MAX = 1000;

const alertReceipt = describes<AlertReceipt>()(z.object({ accepted: z.number() }));

/**
 * Alertmanager's webhook, version 4 (prometheus.io/docs/alerting/latest/configuration), which
 * Grafana's contact point sends too. Members we do not use may be there: they are the sender's.
 */
const alertmanagerInput = z.looseObject({
  status: z.string().max(40).optional(),
  receiver: line.optional(),
  externalURL: line.optional(),
  alerts: z
    .array(
      z.looseObject({
        status: z.enum(['firing', 'resolved']),
        labels,
        annotations: labels.default({}),
        startsAt: z.string().max(40),
        endsAt: z.string().max(40).optional(),
        fingerprint: line.optional(),
        generatorURL: line.optional(),
      }),
    )
    .max(ALERTS_MAX),
});

/** Calls by other systems. */
export const HOOK_ROUTES = {
  hookChange: route({
    method: 'POST',
    path: '/hooks/change',
    summary:
      'A change from CI. `started` takes a checkpoint, and answers 423 while an incident, a run ' +
      'or a freeze window covers the component.',
    permissions: ['ingest', 'checkpoint'],
    action: 'hook.change',
    input: z.strictObject({
      component: name,
      phase: z.enum(['started', 'completed', 'failed']),
      version: name.optional(),
      summary: line.optional(),
      actor: name.optional(),
      time: z.iso.datetime({ offset: true }).optional(),
    }),
    answer: describes<ChangeReceipt>()(z.object({ checkpoint: z.string().exactOptional() })),
  }),
  hookAlertmanager: route({
    method: 'POST',
    path: '/hooks/alertmanager',
    summary: 'Alerts of Prometheus Alertmanager.',
    permissions: ['ingest'],
    input: alertmanagerInput,
    answer: alertReceipt,
  }),
  hookGrafana: route({
    method: 'POST',
    path: '/hooks/grafana',
    summary: 'Alerts of Grafana’s webhook contact point.',
    permissions: ['ingest'],
    input: alertmanagerInput,
    answer: alertReceipt,
  }),
  hookNagios: route({
    method: 'POST',
    path: '/hooks/nagios',
    summary: 'A notification of Nagios or Icinga, its macros as members.',
    permissions: ['ingest'],
    input: z.strictObject({
      host: name,
      service: name.optional(),
      state: z.enum(['OK', 'WARNING', 'CRITICAL', 'UNKNOWN', 'UP', 'DOWN', 'UNREACHABLE']),
      stateType: z.string().max(20).optional().describe('SOFT: checked again before it counts'),
      attempt: z.string().max(20).optional(),
      type: name.optional().describe('PROBLEM, RECOVERY, …; absent for event handlers'),
      output: line.optional(),
      component: name.optional().describe('which component it is about; else service, host'),
      time: z.iso.datetime({ offset: true }).optional(),
      since: z.iso.datetime({ offset: true }).optional().describe('in this state since'),
    }),
    answer: alertReceipt,
  }),
  gateDeploy: route({
    method: 'GET',
    path: '/gate/deploy',
    summary:
      'Whether CI may deploy; 423 while an incident, a run or a freeze covers the component.',
    permissions: ['read', 'ingest'],
    input: z.strictObject({ component: name }),
    answer: z.object({ component: z.string(), allowed: z.literal(true), at: instantText }),
  }),
};
