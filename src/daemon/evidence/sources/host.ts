import { localHostAccess } from '../../../adapters/sources/host/host-access.ts';
import { createHostSource } from '../../../adapters/sources/host/host-source.ts';
import { ok } from '../../../base/result.ts';
import { configuredEntries, entryOf } from './configured.ts';
import { netlinkTellsLinks } from './netlink.ts';
import { ownResource } from './own-resource.ts';
import type { SourceEntries } from './source-world.ts';

/** This host by /proc: as `sources` says, and by itself where `sources` is absent. */
export const hostEntries: SourceEntries = (world) => {
  const { config, resolve } = world;
  const source = createHostSource({
    access: localHostAccess(),
    resolve,
    resource: ownResource(),
    tellsLinks: !netlinkTellsLinks(world),
  });
  if (config.sources !== undefined) return ok(configuredEntries(world, source));
  return ok([entryOf('host', source, {})]);
};
