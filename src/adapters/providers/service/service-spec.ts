import { z } from 'zod';
import { absolutePath, command, milliseconds } from '../../../local-provider/spec-parts.ts';

/** Units whose running state is theirs alone; targets and slices stand for others. */
const UNIT = /^[\w@:.-]+\.(service|socket|timer|path)$/;

/** The settings of the provider `service`: either `unit`, or commands that supervise it. */
export const serviceSpec = z
  .strictObject({
    /** What people call it; the unit or the start command when absent. */
    name: z.string().min(1).max(200).optional(),
    /** A unit of the systemd that runs this host. */
    unit: z.string().max(255).regex(UNIT, 'write a unit such as nginx.service').optional(),
    /** Whether the unit belongs to the systemd of the user the host runner is, not the host's. */
    user: z.boolean().default(false),
    /** Starts it and ends; idempotent. */
    start: command.optional(),
    /** Stops it and ends once it is stopped; idempotent. */
    stop: command.optional(),
    /** Makes a running service take new settings; `stop` and `start` when absent. */
    restart: command.optional(),
    /** Exits as the LSB wants it of init scripts: 0 running, 1 to 3 stopped, others unknown. */
    status: command.optional(),
    /** Files it gets its settings from: captured with it, never shown, restored first. */
    environment: z.array(absolutePath).max(100).default([]),
    /** Whether the unit's own files in the operator's unit folder are part of the state. */
    unitFiles: z.boolean().default(true),
    /** Deadline of each command; systemd itself gives a start 90 s. */
    timeout: milliseconds.default(100_000),
    /** How long a started or stopped service may take to be seen as such. */
    settle: milliseconds.default(10_000),
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
