import { localFileAccess } from '../../../adapters/sources/file/file-access.ts';
import { createFileSource } from '../../../adapters/sources/file/file-source.ts';
import { ok } from '../../../base/result.ts';
import { createLineNormalizer } from '../../../evidence/normalize/text/add-line.ts';
import { configuredEntries, entryOf } from './configured.ts';
import { ownResource } from './own-resource.ts';
import { LOOK_BACK_BYTES } from '../../discovery/discovered.ts';
import type { SourceEntries } from './source-world.ts';

/** Log files by glob, as `sources` names them; else those that were found. */
export const fileEntries: SourceEntries = (world) => {
  const { resolve, zoneMinutes, discovered } = world;
  const source = createFileSource({
    access: localFileAccess,
    addLineOf: (id) => createLineNormalizer({ source: id, resolve, zoneMinutes }),
    resource: ownResource(),
  });
  const found = (discovered?.logs ?? []).map(({ name, ...log }) =>
    entryOf(name, source, { ...log, lookBackBytes: LOOK_BACK_BYTES }),
  );
  return ok([...configuredEntries(world, source), ...found]);
};
