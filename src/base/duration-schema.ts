import { z } from 'zod';
import { parseDuration, type DurationMs } from './time.ts';

/** `500ms`, `10s`, `15m`, `12h`, `30d` in a configuration; milliseconds once parsed. */
export const duration = z
  .string({
    error: ({ input }) =>
      typeof input === 'number'
        ? `write a duration with its unit, as ${input}s`
        : 'write a duration as 500ms, 10s, 15m, 12h or 30d',
  })
  .meta({ pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d|w)$', examples: ['500ms', '10s', '15m'] })
  .transform((text, context): DurationMs => {
    const parsed = parseDuration(text);
    if (parsed !== undefined) return parsed;
    context.addIssue('write a duration as 500ms, 10s, 15m, 12h or 30d');
    return z.NEVER;
  });
