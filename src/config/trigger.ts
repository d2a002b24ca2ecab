import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';
import { TRIGGER_ACTIONS } from '../model/incident/trigger.ts';
import { milliseconds, name } from './values.ts';

const base = {
  name: name.describe('How it is called; used once.'),
  component: name
    .optional()
    .describe('Only this component is watched; absent: every one, each by itself.'),
  window: duration.prefault('10s').describe('The time that is counted over; it slides.'),
  for: duration.prefault('0s').describe('How long it must be so before the trigger fires.'),
  then: z
    .array(z.enum(TRIGGER_ACTIONS))
    .default(['checkpoint', 'incident', 'notify'])
    .describe('What follows when it fires: a checkpoint, an incident, a notice.'),
};

const above = z.number().min(0);

const clearAt = z
  .number()
  .min(0)
  .optional()
  .describe('The signal clears at or under this; absent: 80 % of `above`.');

const minCount = z
  .int()
  .min(1)
  .default(10)
  .describe('Fewer spans in the window are too few to judge.');

/** A rule about what arrives, and what follows when it holds. */
export const trigger = z.discriminatedUnion('signal', [
  z.strictObject({
    ...base,
    signal: z.literal('log-rate').describe('Fires on logs and events of a severity, by rate.'),
    minSeverity: z
      .int()
      .min(0)
      .max(24)
      .default(17)
      .describe('Records of this severity or a graver one count; 17 is error.'),
    above: above.describe('Fires above so many records a second.'),
    clearAt,
  }),
  z.strictObject({
    ...base,
    signal: z.literal('error-ratio').describe('Fires on the share of spans that failed.'),
    minCount,
    above: above.max(1).describe('Fires above this share of all spans, 0 to 1.'),
    clearAt,
  }),
  z.strictObject({
    ...base,
    signal: z.literal('span-latency').describe('Fires on how long spans last.'),
    quantile: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.95)
      .describe('Which of the durations is compared: 0.95 leaves out the slowest 5 %.'),
    minCount,
    above: milliseconds.describe('Fires above this; a duration, or milliseconds.'),
    clearAt: milliseconds
      .optional()
      .describe('The signal clears at or under this; absent: 80 % of `above`.'),
  }),
  z.strictObject({
    ...base,
    signal: z.literal('event').describe('Fires on events of one name.'),
    event: z.string().describe('The name of the event, such as deployment.failed.'),
    above: above.default(0).describe('Fires above so many in the window.'),
    clearAt,
  }),
  z.strictObject({
    ...base,
    signal: z.literal('alert').describe('Fires on alerts of other systems, until they resolve.'),
    match: z
      .record(z.string(), z.string())
      .describe('Labels with their values, such as alertname; all must be equal.'),
  }),
]);
