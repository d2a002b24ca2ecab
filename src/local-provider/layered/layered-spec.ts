import { z } from 'zod';
import { absolutePath, milliseconds } from '../spec-parts.ts';

/**
 * The settings that every state of two layers has; `defaults` are the files of the second, `more`
 * says of them what is particular.
 */
export function layeredParts(defaults: readonly string[], more = '') {
  return {
    persistent: z
      .array(absolutePath)
      .max(100)
      .default([...defaults])
      .describe(
        'Files and folders, or globs of either, from which it is set up when the host starts: ' +
          'captured and restored with what runs. They belong under no `files` state.' +
          more,
      ),
    secrets: z
      .array(z.string().min(1))
      .max(1_000)
      .default([])
      .describe('Globs of those files whose content no diff may show.'),
    timeout: milliseconds
      .prefault('30s')
      .describe('How long each command may take; a duration, or milliseconds.'),
  };
}

/** What a state of two layers knows about the second. */
export interface LayeredSpec {
  readonly persistent: readonly string[];
  readonly secrets: readonly string[];
  readonly timeout: number;
}
