import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';

/** `rollback.batches`. */
export const batches = z
  .strictObject({
    canary: z
      .int()
      .min(0)
      .max(100)
      .default(1)
      .describe('Components of the first batch; 0: it is like the others.'),
    size: z
      .union([z.literal('all'), z.int().min(1).max(10_000)])
      .default('all')
      .describe('Components of each further batch; all: the rest at once.'),
    soak: duration
      .prefault('10s')
      .describe('How long the checks must hold after a batch before the next begins.'),
    jitter: duration
      .prefault('2s')
      .describe('At most so much longer; how much follows from the hash of the plan.'),
  })
  .prefault({})
  .describe('A rollback of several components: a canary first, then the rest.');
