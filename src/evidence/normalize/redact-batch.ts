import { canonicalJson } from '../../base/canonical-json.ts';
import type { RecordBatch } from '../../model/record/record-batch.ts';
import { objectOf } from '../../model/record/record-parts.ts';

/** What stands in the place of a value that shall not be stored. */
const HIDDEN = '<redacted>';

/** Replaces attributes of records, and of their resources, before they are stored. */
export type Redact = (batch: RecordBatch) => RecordBatch;

/**
 * Makes the function that hides the values of the named attributes. A row that has none of them
 * costs one search of its text a name.
 */
export function createRedactor(names: readonly string[]): Redact {
  if (names.length === 0) return (batch) => batch;
  const marks = names.map((name) => `${JSON.stringify(name)}:`);
  const hide = (json: string): string => {
    if (!marks.some((mark) => json.includes(mark))) return json;
    const hidden = Object.entries(objectOf(json)).map(([name, value]) => {
      return [name, names.includes(name) ? HIDDEN : value] as const;
    });
    return canonicalJson(Object.fromEntries(hidden));
  };
  return (batch) => {
    const resources = new Set(batch.resource);
    return {
      ...batch,
      attributes: batch.attributes.map(hide),
      dictionary: batch.dictionary.map((text, i) => (resources.has(i) ? hide(text) : text)),
    };
  };
}
