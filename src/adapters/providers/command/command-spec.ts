import { z } from 'zod';
import { command, milliseconds } from '../../../local-provider/spec-parts.ts';

/** The settings of the provider `command`. */
export const commandSpec = z.strictObject({
  /** Prints the state, the same bytes for the same state: its standard output is captured. */
  capture: command,
  /** Gets captured bytes on standard input and makes `capture` print them; absent: compare only. */
  apply: command.optional(),
  /** Exits 0 when what was applied really works. */
  verify: command.optional(),
  timeout: milliseconds.default(30_000),
  disruption: z.enum(['none', 'reload', 'restart', 'reboot', 'data-loss']).default('none'),
  /** Whether applying twice is applying once; false: never driven again after a crash. */
  idempotent: z.boolean().default(true),
  /** Whether the state's content must never be shown. */
  secret: z.boolean().default(false),
});

/** As parsed. */
export type CommandSpec = z.output<typeof commandSpec>;
