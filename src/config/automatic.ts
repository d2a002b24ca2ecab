import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';
import { WEEKDAYS } from '../model/run/weekdays.ts';
import { name } from './values.ts';

/** `HH:MM`; 24:00 is the end of a day. */
const timeOfDay = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'write a time of day as "09:00", in quotes');

const timeZone = z
  .string()
  .default('UTC')
  .refine(isTimeZone, { error: 'write a time zone as UTC or Europe/Zurich' })
  .describe('In which zone `from` and `to` are read.');

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions() !== undefined;
  } catch {
    return false;
  }
}

const window = z
  .strictObject({
    days: z
      .array(z.enum(WEEKDAYS))
      .min(1)
      .default([...WEEKDAYS])
      .describe('On which days; every day when not given.'),
    from: timeOfDay.describe('The first minute in which one may be announced or begin.'),
    to: timeOfDay.describe('The minute from which on none may; later than `from`.'),
    timeZone,
  })
  .refine(({ from, to }) => from < to, {
    error: '`to` must be later than `from`; over midnight takes two windows',
  });

/** Nobody can read a notice and say no within less; a plan is too old for more. */
const DELAY_MS = { min: 5_000, max: 600_000 } as const;

const ofComponents = z.strictObject(
  {
    components: z
      .array(name)
      .min(1)
      .describe('Whose changes may be taken back without anybody asking; each by its name.'),
    confidence: z
      .number()
      .min(0.6)
      .max(1)
      .default(0.8)
      .describe('Least score of the first suspect; below 0.6 no suspect is likely.'),
    delay: duration
      .prefault('60s')
      .refine((ms) => ms >= DELAY_MS.min && ms <= DELAY_MS.max, {
        error: 'write 5s to 10m: people must be able to say no, and a plan grows old',
      })
      .describe('Between the announcement and the run: so long anybody can say no.'),
    windows: z
      .array(window)
      .min(1)
      .optional()
      .describe('When one may be announced and begin; absent: at any time.'),
    limit: z
      .strictObject({
        runs: z.int().min(1).max(100).default(2).describe('So many begin at most.'),
        within: duration.prefault('24h').describe('Within this time, of all components together.'),
      })
      .prefault({})
      .describe('How many begin by themselves in all; beyond, rollbacks are only recommended.'),
    coolDown: duration
      .prefault('24h')
      .describe(
        'For so long after one, or after a run that went wrong, none begins for the component.',
      ),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type' ? 'write whose: { components: [checkout] }' : undefined,
  },
);

/** `rollback.automatic`. */
export const automatic = z
  .union([z.literal(false), ofComponents])
  .default(false)
  .describe(
    'Which rollbacks begin by themselves, announced and after a delay; false: none is, people ask.',
  );
