import { z } from 'zod';
import { absolutePath } from '../../../local-provider/spec-parts.ts';
import { SECTIONS } from './section.ts';

const ids = SECTIONS.map(({ id }) => id);

/** The settings of the provider `host`: nothing need be set. */
export const hostSpec = z.strictObject({
  /** What is looked at; absent: everything. */
  sections: z
    .array(z.enum(ids))
    .min(1)
    .default([...ids]),
  /** Folders and files of the section `files`, with everything below. */
  files: z.array(absolutePath).min(1).max(100).default(['/etc']),
  /** Globs of files that are left out, beside those that change by themselves. */
  exclude: z.array(z.string().min(1)).max(1_000).default([]),
});

/** As parsed. */
export type HostSpec = z.output<typeof hostSpec>;
