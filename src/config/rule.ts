import { z } from 'zod';
import { duration } from '../base/duration-schema.ts';
import { SEVERITY } from '../model/record/severity.ts';
import { RECORD_KINDS } from '../model/record/timeline-record.ts';
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
    text: z.string().min(1).exactOptional().describe('Stands in the body, letter for letter.'),
    component: z.string().min(1).exactOptional().describe('The component, as records name it.'),
    host: z.string().min(1).exactOptional().describe('The host, as records name it.'),
    eventName: z.string().min(1).exactOptional().describe('The name of the event.'),
    kind: z.enum(RECORD_KINDS).exactOptional().describe('The kind of the record.'),
    attributes: values.exactOptional().describe('Attributes of the record with these values.'),
    resource: values.exactOptional().describe('Attributes of its resource with these values.'),
    minSeverity: severity.exactOptional().describe('This severity or a graver one.'),
    maxSeverity: severity
      .exactOptional()
      .describe(
        'This severity or a lesser one; absent: 16, or 24 where minSeverity is 17 (error) or more.',
      ),
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

const ABOUT = 'What it is about; all that is named must be so.';

const called = name.describe('How the counts call it; used once in a list.');

const rule = z.discriminatedUnion('do', [
  z.strictObject({
    name: called,
    match: narrowed.describe(ABOUT),
    do: z.literal('drop').describe('Nothing is stored.'),
  }),
  z.strictObject({
    name: called,
    match: narrowed.describe(ABOUT),
    do: z.literal('count').describe('One record an interval is stored for each component.'),
    every: span.prefault('60s').describe('The interval, 1s to 1h.'),
  }),
  z.strictObject({
    name: called,
    match: match.prefault({}).describe(`${ABOUT} Absent: every record but errors.`),
    do: z.literal('dedupe').describe('The first of equal records is stored, then how many came.'),
    window: span.prefault('10s').describe('How long equal records are joined, 1s to 1h.'),
  }),
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
