import { z } from 'zod';
import { absolutePath, treeParts } from '../../../local-provider/spec-parts.ts';

/** The settings of the provider `files`. */
export const filesSpec = z.strictObject({
  paths: z
    .array(absolutePath)
    .min(1)
    .max(1_000)
    .describe('Files, folders with everything below, or globs of either.'),
  ...treeParts,
});

/** As parsed. */
export type FilesSpec = z.output<typeof filesSpec>;
