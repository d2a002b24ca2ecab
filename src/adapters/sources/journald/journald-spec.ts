import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { duration } from '../../../base/duration-schema.ts';

/** The settings of a `journald` source. */
export const journaldSpecSchema = z.strictObject({
  units: z
    .array(z.string().min(1).max(256))
    .min(1)
    .max(64)
    .optional()
    .describe('Only these units, as `journalctl --unit` takes them; absent: everything.'),
  directory: z
    .string()
    .refine(isAbsolute, 'must be an absolute path')
    .optional()
    .describe("A folder of journal files, absolute; absent: the system's own."),
  since: duration
    .prefault('1h')
    .describe('How far back the first start reads; later ones go on where the last one stood.'),
});

/** As parsed. */
export type JournaldSpec = z.output<typeof journaldSpecSchema>;
