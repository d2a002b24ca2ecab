import { hostname } from 'node:os';
import { localFileAccess } from '../../../adapters/sources/file/file-access.ts';
import { createFileSource } from '../../../adapters/sources/file/file-source.ts';
import { ok } from '../../../base/result.ts';
import { createLineNormalizer } from '../../../evidence/normalize/text/add-line.ts';
import { configuredEntries } from './configured.ts';
import type { SourceEntries } from './source-world.ts';

/** Log files by glob, as `sources` names them. */
export const fileEntries: SourceEntries = (world) => {
  const { resolve, zoneMinutes } = world;
  const source = createFileSource({
    access: localFileAccess,
    addLineOf: (id) => createLineNormalizer({ source: id, resolve, zoneMinutes }),
    resource: { 'host.name': hostname() },
  });
  return ok(configuredEntries(world, source));
};
