import { canonicalJson } from '../../../base/canonical-json.ts';
import { KIND_INDEX, type RecordBatch } from '../../../model/record/record-batch.ts';
import { objectOf } from '../../../model/record/record-parts.ts';
import type { RuleMatch } from '../../../model/evidence/source-rule.ts';

/** Whether a row of the batch at hand is what a rule is about. */
export type RowMatch = (row: number) => boolean;

/** Names a member of JSON with its value as canonical JSON writes both. */
interface WantedMember {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly written: string;
}

/**
 * Makes the test of a batch; undefined when no row of it can match, which the dictionary often
 * tells. Nothing is made per row; JSON is parsed only where the text asked for stands in it.
 */
export function rowMatchOf(match: RuleMatch): (batch: RecordBatch) => RowMatch | undefined {
  const attributes = membersOf(match.attributes);
  const resource = membersOf(match.resource);
  return (batch) => {
    const tests: RowMatch[] = [];
    for (const name of ['component', 'host', 'eventName'] as const) {
      const wanted = match[name];
      if (wanted === undefined) continue;
      const index = batch.dictionary.indexOf(wanted);
      if (index < 0) return undefined;
      tests.push((row) => batch[name][row] === index);
    }
    if (resource.length > 0) tests.push(resourceTest(batch, resource));
    const { text, kind, minSeverity, maxSeverity } = match;
    if (kind !== undefined) {
      const wanted = KIND_INDEX[kind];
      tests.push((row) => batch.kind[row] === wanted);
    }
    if (text !== undefined) tests.push((row) => (batch.body[row] ?? '').includes(text));
    if (attributes.length > 0) {
      tests.push((row) => hasMembers(batch.attributes[row] ?? '', attributes));
    }
    return (row) => {
      const severity = batch.severity[row] ?? 0;
      if (severity < minSeverity || severity > maxSeverity) return false;
      return tests.every((test) => test(row));
    };
  };
}

function membersOf(wanted: RuleMatch['attributes']): readonly WantedMember[] {
  return Object.entries(wanted ?? {}).map(([name, value]) => ({
    name,
    value,
    written: `${JSON.stringify(name)}:${canonicalJson(value)}`,
  }));
}

/** Resources stand in the dictionary: each is judged once a batch. */
function resourceTest(batch: RecordBatch, wanted: readonly WantedMember[]): RowMatch {
  const known = new Map<number, boolean>();
  return (row) => {
    const index = batch.resource[row] ?? 0;
    const judged = known.get(index);
    if (judged !== undefined) return judged;
    const is = hasMembers(batch.dictionary[index] ?? '', wanted);
    known.set(index, is);
    return is;
  };
}

function hasMembers(json: string, wanted: readonly WantedMember[]): boolean {
  // The search of text is cheap and never misses; what it finds may stand within something else.
  if (!wanted.every(({ written }) => json.includes(written))) return false;
  const object = objectOf(json);
  return wanted.every(({ name, value }) => object[name] === value);
}
