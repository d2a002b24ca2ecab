import { hasRtmon, iprouteCommands } from '../../../adapters/sources/netlink/netlink-commands.ts';
import { createNetlinkSource } from '../../../adapters/sources/netlink/netlink-source.ts';
import { ok } from '../../../base/result.ts';
import { createNetlinkDecoder } from '../../../evidence/normalize/netlink/netlink-decoder.ts';
import { configuredEntries, entryOf } from './configured.ts';
import { ownResource } from './own-resource.ts';
import type { SourceEntries, SourceWorld } from './source-world.ts';

/** Changes of the network: as `sources` says, and where rtmon is there by itself without it. */
export const netlinkEntries: SourceEntries = (world) => {
  const { config, resolve } = world;
  const source = createNetlinkSource({
    commandsOf: iprouteCommands,
    decoderOf: (id, { component, exclude }) =>
      createNetlinkDecoder({
        source: id,
        resolve,
        resource: ownResource(),
        component,
        exclude,
      }),
  });
  if (config.sources !== undefined) return ok(configuredEntries(world, source));
  return ok(hasRtmon() ? [entryOf('netlink', source, {})] : []);
};

/** Whether a netlink source tells the changes of this host's own interfaces. */
export function netlinkTellsLinks({ config }: SourceWorld): boolean {
  if (config.sources === undefined) return hasRtmon();
  return config.sources.some(
    (source) => source.kind === 'netlink' && source['namespace'] === undefined,
  );
}
