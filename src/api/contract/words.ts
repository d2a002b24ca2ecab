import { z } from 'zod';
import { parseRfc3339, type TimeNs } from '../../base/time.ts';

/** Longest id or name the API takes: ours are under 40; names of components are people's. */
export const NAME_CHARS_MAX = 200;

/** Longest free text (a reason, a note) the API takes: a paragraph. */
export const REASON_CHARS_MAX = 2000;

/** Most items in a list of a request: more components than that are addressed by leaving it out. */
export const LIST_ITEMS_MAX = 500;

/** An id or a name. */
export const name = z.string().min(1).max(NAME_CHARS_MAX);

/** A few sentences by a person, for the record: blanks would be nobody's reason. */
export const reason = z
  .string()
  .regex(/\S/, 'say why; a blank text is no reason')
  .max(REASON_CHARS_MAX);

/** A list of names in a JSON body. */
export const names = z.array(name).max(LIST_ITEMS_MAX).readonly();

/** An instant as RFC 3339 text, kept as text. */
export const instantText = z.string().max(40).describe('RFC 3339');

/** An instant in a request: RFC 3339 text, handed on as nanoseconds. */
export const instant = z
  .string()
  .max(40)
  .describe('RFC 3339')
  .transform((text, context): TimeNs => {
    const time = parseRfc3339(text);
    if (time !== undefined) return time;
    context.addIssue({ code: 'custom', message: `"${text}" is no RFC 3339 time` });
    return z.NEVER;
  });

/** A list in a query: repeated, or separated by commas. */
export const queryNames = z
  .union([names, z.string().max(NAME_CHARS_MAX * 20)])
  .transform((value) => (typeof value === 'string' ? value.split(',') : value))
  .pipe(names);

/** A whole number in a query, where everything is text. */
export function queryNumber(min: number, max: number): z.ZodType<number, number | string> {
  return z
    .union([z.number(), z.string().regex(/^\d{1,15}$/)])
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));
}
