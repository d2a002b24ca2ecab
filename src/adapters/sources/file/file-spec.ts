import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** The settings of a `file` source. */
export const fileSpecSchema = z.strictObject({
  paths: z
    .array(z.string().refine(isAbsolute, 'must be an absolute path'))
    .min(1)
    .max(256)
    .describe('Absolute paths; `*`, `?`, `[…]`, `**` and `{a,b}` stand for names.'),
  component: z
    .string()
    .min(1)
    .optional()
    .describe('The component of all records, whatever the lines say.'),
  service: z
    .string()
    .min(1)
    .optional()
    .describe('The service of all records, whatever the lines say.'),
  start: z
    .enum(['beginning', 'end'])
    .default('beginning')
    .describe(
      'Where files begin that are there at the first start; later ones begin at their beginning.',
    ),
  lookBackBytes: z
    .int()
    .min(0)
    .optional()
    .describe(
      'From `beginning` on: of a file that is there at the first start at most so much is read. ' +
        'Absent: 64 MiB, and what is left out is told.',
    ),
  pollMs: z
    .int()
    .min(5)
    .max(60_000)
    .default(250)
    .describe('How often files are looked at, in milliseconds.'),
  lookMs: z
    .int()
    .min(5)
    .max(600_000)
    .default(1_000)
    .describe('How often new and renamed files are looked for, in milliseconds.'),
  flushMs: z
    .int()
    .min(5)
    .max(600_000)
    .default(2_000)
    .describe('A last line without its end is taken after so many milliseconds without growth.'),
});

/** As parsed. */
export type FileSpec = z.infer<typeof fileSpecSchema>;
