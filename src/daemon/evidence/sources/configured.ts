import type { SourceEntry } from '../../../evidence/collect/source-entry.ts';
import type { Source } from '../../../ports/source.ts';
import type { SourceWorld } from './source-world.ts';

/** The entries of `sources` that are of one kind, their settings parsed by the adapter. */
export function configuredEntries<Spec>(
  { config }: SourceWorld,
  source: Source<Spec>,
): readonly SourceEntry[] {
  return (config.sources ?? [])
    .filter(({ kind }) => kind === source.kind)
    .map(({ name, kind: _, rules: _rules, ...spec }) => entryOf(name, source, spec));
}

/** An entry whose settings were validated when the configuration was read. */
export function entryOf<Spec>(id: string, source: Source<Spec>, spec: unknown): SourceEntry {
  const parsed = source.specSchema['~standard'].validate(spec);
  if (parsed instanceof Promise || parsed.issues !== undefined) {
    throw new Error(`broken invariant: the settings of source ${id} were validated`);
  }
  return { id, kind: source.kind, source, spec: parsed.value };
}
