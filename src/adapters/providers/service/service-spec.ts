import { z } from 'zod';
import { absolutePath, command, milliseconds } from '../../../local-provider/spec-parts.ts';

/** Units whose running state is theirs alone; targets and slices stand for others. */
const UNIT = /^[\w@:.-]+\.(service|socket|timer|path)$/;

/** The settings of the provider `service`: either `unit`, or commands that supervise it. */
export const serviceSpec = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('What people call it; absent: the unit or the start command.'),
    unit: z
      .string()
      .max(255)
      .regex(UNIT, 'write a unit such as nginx.service')
      .optional()
      .describe('A unit of systemd, such as nginx.service; else name the commands.'),
    user: z
      .boolean()
      .default(false)
      .describe("Whether the unit is of the host runner's own user, not of the host."),
    start: command.optional().describe('Starts it and ends; starting twice is starting once.'),
    stop: command
      .optional()
      .describe('Stops it and ends once it is stopped; stopping twice is stopping once.'),
    restart: command
      .optional()
      .describe('Makes a running service take new settings; absent: `stop`, then `start`.'),
    status: command
      .optional()
      .describe('Exits with 0 when it runs, with 1 to 3 when it is stopped, else it is unknown.'),
    environment: z
      .array(absolutePath)
      .max(100)
      .default([])
      .describe('Files it gets its settings from: captured with it, never shown, restored first.'),
    unitFiles: z
      .boolean()
      .default(true)
      .describe("Whether the unit's own files in the operator's unit folder belong to the state."),
    // systemd itself gives a start 90 s.
    timeout: milliseconds
      .prefault('100s')
      .describe('How long each command may take; a duration, or milliseconds.'),
    settle: milliseconds
      .prefault('10s')
      .describe('How long a started or stopped service may take to be seen as such.'),
  })
  .superRefine(({ unit, start, stop, restart, status }, context) => {
    const commands = { start, stop, status };
    const named = Object.entries(commands).flatMap(([key, words]) => (words ? [key] : []));
    if (unit !== undefined) {
      if (named.length === 0 && restart === undefined) return;
      context.addIssue('name either a unit or the commands start, stop and status, not both');
    } else if (named.length < Object.keys(commands).length) {
      context.addIssue('name a unit, or all of the commands start, stop and status');
    }
  });

/** As parsed. */
export type ServiceSpec = z.output<typeof serviceSpec>;
