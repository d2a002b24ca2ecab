import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';
import { SEVERITY } from '../model/severity.ts';
import { RECORD_KINDS } from '../model/timeline-record.ts';
import { name } from './values.ts';

/** A source with more is configured at its sender; each rule costs time per record. */
const RULES_MAX = 64;

/** An interval or window within which counts are lost with the process, and texts remembered. */
const SPAN_MS = { least: 1_000, most: 3_600_000 } as const;

const values = z
  .record(z.string().min(1), z.union([z.string(), z.number(), z.boolean()]))
  .refine((named) => Object.keys(named).length > 0, 'name at least one');

const severity = z.int().min(0).max(24);

const match = z
  .strictObject({
    text: z.string().min(1).exactOptional().describe('stands in the body, letter for letter'),
    component: z.string().min(1).exactOptional(),
    host: z.string().min(1).exactOptional(),
    eventName: z.string().min(1).exactOptional(),
    kind: z.enum(RECORD_KINDS).exactOptional(),
    attributes: values.exactOptional().describe('attributes of the record with these values'),
    resource: values.exactOptional().describe('attributes of its resource with these values'),
    minSeverity: severity.exactOptional(),
    maxSeverity: severity
      .exactOptional()
      .describe('16 unless a severity of 17 or more (error) is named'),
  })
  .transform((given, context) => {
    const { minSeverity = 0, maxSeverity = defaultMost(given.minSeverity) } = given;
    if (minSeverity > maxSeverity) {
      context.addIssue({ code: 'custom', message: 'minSeverity is above maxSeverity' });
    }
    return { ...given, minSeverity, maxSeverity };
  });

/** Errors are left out by whoever names their severity, and by nobody else. */
function defaultMost(least = 0): number {
  return least >= SEVERITY.error ? 24 : SEVERITY.error - 1;
}

const span = duration.refine((ms) => ms >= SPAN_MS.least && ms <= SPAN_MS.most, {
  error: 'write 1s to 1h',
});

const narrowed = match.refine(
  ({ minSeverity, maxSeverity, ...rest }) =>
    Object.values(rest).some((member) => member !== undefined) ||
    minSeverity > 0 ||
    maxSeverity < SEVERITY.error - 1,
  { error: 'name what it is about, such as text, component or maxSeverity' },
);

const counted = { name, match: narrowed, do: z.literal('count') };
const repeats = { name, match: match.prefault({}), do: z.literal('dedupe') };

const rule = z.discriminatedUnion('do', [
  z.strictObject({ name, match: narrowed, do: z.literal('drop') }),
  z.strictObject({ ...counted, every: span.prefault('60s') }),
  z.strictObject({ ...repeats, window: span.prefault('10s') }),
]);

/** What of a source is not stored one by one; the first rule that is about a record decides. */
export const rules = z
  .array(rule)
  .max(RULES_MAX)
  .superRefine((list, context) => {
    const seen = new Set<string>();
    for (const [index, each] of list.entries()) {
      if (seen.has(each.name)) {
        const message = 'this name is used twice';
        context.addIssue({ code: 'custom', path: [index, 'name'], message, input: each.name });
      }
      seen.add(each.name);
    }
  });
