import { assertUnreachable } from '../../../base/assert.ts';
import type { Config } from '../../../config/schema.ts';
import type { SourceEntry } from '../../../evidence/collect/source-entry.ts';
import type { SourceRule } from '../../../model/evidence/source-rule.ts';

type WrittenRule = Config['rules'][string][number];

/** The rules of a source: its own first, then those of its name, then those of its kind. */
export function rulesOf(
  config: Config,
  { id, kind }: Pick<SourceEntry, 'id' | 'kind'>,
): readonly SourceRule[] {
  const own = config.sources?.find(({ name }) => name === id)?.rules ?? [];
  const named = config.rules[id] ?? [];
  const ofKind = id === kind ? [] : (config.rules[kind] ?? []);
  return [...own, ...named, ...ofKind].map(asApplied);
}

function asApplied(written: WrittenRule): SourceRule {
  const { name, match } = written;
  switch (written.do) {
    case 'drop':
      return { name, match, do: 'drop' };
    case 'count':
      return { name, match, do: 'count', everyMs: written.every };
    case 'dedupe':
      return { name, match, do: 'dedupe', windowMs: written.window };
    default:
      return assertUnreachable(written);
  }
}
