import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { parseDuration, type DurationMs } from '../../../base/time.ts';

/** The settings of a `journald` source. */
export const journaldSpecSchema = z.strictObject({
  /** Only these units, as `journalctl --unit` takes them; absent: everything. */
  units: z.array(z.string().min(1).max(256)).min(1).max(64).optional(),
  /** Another folder of journal files than the system's, absolute. */
  directory: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
  /** How far back the first start reads; later starts go on where the last one stood. */
  since: z
    .string()
    .prefault('1h')
    .transform((text, context): DurationMs => {
      const parsed = parseDuration(text);
      if (parsed !== undefined) return parsed;
      context.addIssue('write a duration as 500ms, 10s, 15m, 12h or 30d');
      return z.NEVER;
    }),
});

/** As parsed. */
export type JournaldSpec = z.output<typeof journaldSpecSchema>;
