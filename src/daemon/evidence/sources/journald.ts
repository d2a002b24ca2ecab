import { createJournaldSource } from '../../../adapters/sources/journald/journald-source.ts';
import { ok } from '../../../base/result.ts';
import { journalExportNormalizer } from '../../../evidence/normalize/journal/export-normalizer.ts';
import { configuredEntries, entryOf } from './configured.ts';
import { ownResource } from './own-resource.ts';
import type { SourceEntries } from './source-world.ts';

/** The journal of systemd, as `sources` names it; else where this host has one. */
export const journaldEntries: SourceEntries = (world) => {
  const { resolve, clock, discovered } = world;
  const resource = ownResource();
  const source = createJournaldSource({
    program: ['journalctl'],
    normalizerOf: (id) =>
      journalExportNormalizer({ source: id, resolve, observedNs: () => clock.now() }),
    resource,
    entity: resolve(resource),
  });
  const found = discovered?.hasJournal === true ? [entryOf('journal', source, {})] : [];
  return ok([...configuredEntries(world, source), ...found]);
};
