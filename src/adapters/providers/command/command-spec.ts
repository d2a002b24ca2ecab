import { z } from 'zod';
import { command, milliseconds } from '../../../local-provider/spec-parts.ts';
import { DISRUPTIONS } from '../../../model/checkpoint/change.ts';

/** The settings of the provider `command`. */
export const commandSpec = z.strictObject({
  capture: command.describe(
    'Prints the state, the same bytes for the same state: its standard output is captured.',
  ),
  apply: command
    .optional()
    .describe(
      'Gets captured bytes on standard input and makes `capture` print them; in its environment ' +
        'LASTGOOD_SHA256 is their hash, LASTGOOD_PATH the word output. Absent: compare only.',
    ),
  verify: command
    .optional()
    .describe('Exits with 0 when what was applied really works; same environment as `apply`.'),
  timeout: milliseconds
    .prefault('30s')
    .describe('How long each command may take; a duration, or milliseconds.'),
  disruption: z.enum(DISRUPTIONS).default('none').describe('What `apply` disturbs: plans tell it.'),
  idempotent: z
    .boolean()
    .default(true)
    .describe('Whether applying twice is applying once; false: never driven again after a crash.'),
  secret: z.boolean().default(false).describe('Whether the content must never be shown.'),
});

/** As parsed. */
export type CommandSpec = z.output<typeof commandSpec>;
