import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';
import type { Change } from '../model/checkpoint/change.ts';
import type { Restart } from './restart.ts';

/** `10s` in the configuration, milliseconds once parsed; parsing twice is parsing once. */
export const milliseconds = z.union([z.number().int().min(1).max(3_600_000), duration]);

/** A command as a list of words; no shell is involved. */
export const command = z.array(z.string().min(1)).min(1).max(64);

/** An absolute path below the root, without parts that lead elsewhere. */
export const absolutePath = z
  .string()
  .regex(/^\/[^\0]*[^/\0]\/*$/, 'write an absolute path below the root, such as /etc/nginx')
  .refine((path) => !/(^|\/)\.\.?(\/|$)/.test(path), 'write the path without "." and ".." parts');

const globs = z.array(z.string().min(1)).max(1_000).default([]);

const GLOBS = 'Globs, with a slash of whole paths, without of names';

/** What every provider of file trees lets one set. */
export const treeParts = {
  exclude: globs.describe(`${GLOBS}, of what is no part of the state.`),
  secrets: globs.describe(
    `${GLOBS}, of files whose content no diff may show, beside those whose names say so.`,
  ),
  restart: command
    .optional()
    .describe('Words of a command that is run after files were changed; no shell.'),
  restartTimeout: milliseconds
    .prefault('60s')
    .describe('How long that command may take; a duration, or milliseconds.'),
  itemsMax: z
    .number()
    .int()
    .min(1)
    .max(2_000_000)
    .default(100_000)
    .describe('A state of more files and folders is refused.'),
  bytesMax: z
    .number()
    .int()
    .min(1)
    .max(2 ** 43)
    .default(4 * 2 ** 30)
    .describe('A state of more bytes is refused.'),
};

/** The restart of a spec, if it has one. */
export function restartOf(spec: {
  readonly restart?: readonly string[] | undefined;
  readonly restartTimeout: number;
}): Restart | undefined {
  if (spec.restart === undefined) return undefined;
  return { command: spec.restart, timeoutMs: spec.restartTimeout };
}

/** What restoring such a tree disturbs. */
export function treeDisruption(spec: {
  readonly restart?: readonly string[] | undefined;
}): Change['disruption'] {
  return spec.restart === undefined ? 'none' : 'restart';
}
