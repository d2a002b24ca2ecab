import { z } from 'zod';
import type { TriggerState } from '../../model/incident/trigger.ts';
import { clockOffset, sourceStatus } from './evidence-status.ts';
import { componentView, coverageView, dependency, unresolvedName } from './inventory.ts';
import { describes, nothing, route } from './route.ts';
import { statusView, type HealthView } from './status.ts';
import { instantText, name, queryNames } from './words.ts';

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
