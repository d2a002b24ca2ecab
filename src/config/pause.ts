import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';
import { WRITERS_MAX } from '../model/component/pause.ts';
import { command, name } from './values.ts';

/** Longer than this nobody may be kept from working for a single command. */
const TIMEOUT_MS_MAX = 60_000;
/** An application that stands still for longer is down. */
const LIMIT_MS_MAX = 10 * 60_000;

const timeout = duration
  .prefault('30s')
  .refine((ms) => ms > 0 && ms <= TIMEOUT_MS_MAX, { error: 'write 1ms to 60s' });

const onError = z.enum(['fail', 'continue']).default('fail');

const common = {
  timeout: timeout.describe('For each of its commands, and for getting a lock.'),
  onError: onError.describe(
    'When it cannot be paused: `fail` ends the rollback before anything is changed, `continue` ' +
      'goes on and tells.',
  ),
};

const byCommands = z.strictObject({
  name: name.describe('What it is called in plans and messages.'),
  pause: command.describe('Words of a command that pauses it; no shell. Fine when said twice.'),
  resume: command.describe('Words of a command that lets it go on. Fine when said twice.'),
  paused: command
    .optional()
    .describe(
      'Ends with 0 while it is paused. Who was paused already is left so; who is not after ' +
        '`pause` counts as not paused.',
    ),
  ...common,
});

const byUnit = z.strictObject({
  unit: z
    .string()
    .regex(/^[A-Za-z0-9:_.@\\-]{1,250}\.(service|timer|path|socket)$/, {
      error: 'write a unit with its ending, as git-sync.timer or git-sync.service',
    })
    .describe(
      'A unit of systemd, stopped and started again if it ran. A timer and the service it starts ' +
        'are two units: name both.',
    ),
  ...common,
});

const byLock = z.strictObject({
  lock: z
    .string()
    .regex(/^\/[^\0]+$/, 'write the absolute path of a lock file')
    .describe('A file that it locks by flock before it writes: the lock is held meanwhile.'),
  ...common,
});

/** What a writer is called: by its own name, or by what is stopped or held. */
export function nameOf(
  writer: { readonly name: string } | { readonly unit: string } | { readonly lock: string },
): string {
  if ('unit' in writer) return writer.unit;
  return 'lock' in writer ? writer.lock : writer.name;
}

/** Who else writes a component's states. */
export const writers = z
  .array(z.union([byCommands, byUnit, byLock]))
  .max(WRITERS_MAX)
  .refine((all) => new Set(all.map(nameOf)).size === all.length, {
    error: 'two writers of one component have the same name',
  })
  .default([])
  .describe(
    'Who else writes its states (git sync, timer, cron job, generator): paused while a rollback ' +
      'of any of them runs, in this order, and let go on in the other one however it ends.',
  );

/** What makes a component stand still while it is captured. */
export const quiesce = z
  .strictObject({
    freeze: command.describe('Words of a command after which it writes nothing; no shell.'),
    thaw: command.describe('Words of a command that lets it go on. Fine when said twice.'),
    limit: duration
      .prefault('30s')
      .refine((ms) => ms >= 1_000 && ms <= LIMIT_MS_MAX, { error: 'write 1s to 10m' })
      .describe('It goes on after this long, even when lastgood and its host runner are killed.'),
    timeout: timeout.describe('For each of the two commands.'),
    onError: onError.describe(
      'When it cannot be frozen: `fail` takes no checkpoint, `continue` takes it without and ' +
        'says so.',
    ),
  })
  .optional()
  .describe(
    'Hooks around a checkpoint of it: captured in between, all is of one instant (L3). Not run ' +
      'before a rollback, when `writers` are paused; so they must not let one of those go on.',
  );
