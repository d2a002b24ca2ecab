import { z } from 'zod';
import { absolutePath } from '../../../local-provider/spec-parts.ts';
import { SECTIONS } from './section.ts';

const ids = SECTIONS.map(({ id }) => id);

/** The settings of the provider `host`: nothing need be set. */
export const hostSpec = z.strictObject({
  sections: z
    .array(z.enum(ids))
    .min(1)
    .default([...ids])
    .describe('The parts of the machine that are looked at.'),
  files: z
    .array(absolutePath)
    .min(1)
    .max(100)
    .default(['/etc'])
    .describe('Folders and files of the section `files`, with everything below.'),
  exclude: z
    .array(z.string().min(1))
    .max(1_000)
    .default([])
    .describe('Globs of files that are left out, beside those that change by themselves.'),
});

/** As parsed. */
export type HostSpec = z.output<typeof hostSpec>;
