import { isAbsolute } from 'node:path';
import { z } from 'zod';

/** The settings of a `file` source. */
export const fileSpecSchema = z.strictObject({
  /** Absolute paths; `*`, `?`, `[…]`, `**` and `{a,b}` stand for names. */
  paths: z.array(z.string().refine(isAbsolute, 'must be an absolute path')).min(1).max(256),
  /** The component of all records, whatever the lines say. */
  component: z.string().min(1).optional(),
  /** The service of all records, whatever the lines say. */
  service: z.string().min(1).optional(),
  /**
   * Where files begin that are there when the source starts for the first time; later files always
   * begin at their beginning.
   */
  start: z.enum(['beginning', 'end']).default('beginning'),
  /**
   * Where `start` is `beginning`: of each file that is there at the first start this much is read
   * at most, from a line's beginning on. The default bounds giant files only, and is told.
   */
  lookBackBytes: z.int().min(0).optional(),
  /** How often files are looked at. */
  pollMs: z.int().min(5).max(60_000).default(250),
  /** How often the patterns are looked through for new and renamed files. */
  lookMs: z.int().min(5).max(600_000).default(1_000),
  /** A last line without its end is taken after this long without growth. */
  flushMs: z.int().min(5).max(600_000).default(2_000),
});

/** As parsed. */
export type FileSpec = z.infer<typeof fileSpecSchema>;
