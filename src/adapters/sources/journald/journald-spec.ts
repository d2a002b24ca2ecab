import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { duration } from '../../../base/duration-schema.ts';

/** The settings of a `journald` source. */
export const journaldSpecSchema = z.strictObject({
  /** Only these units, as `journalctl --unit` takes them; absent: everything. */
  units: z.array(z.string().min(1).max(256)).min(1).max(64).optional(),
  /** Another folder of journal files than the system's, absolute. */
  directory: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
  /** How far back the first start reads; later starts go on where the last one stood. */
  since: duration.prefault('1h'),
});

/** As parsed. */
export type JournaldSpec = z.output<typeof journaldSpecSchema>;
