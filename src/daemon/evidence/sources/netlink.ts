import { hasRtmon, iprouteCommands } from '../../../adapters/sources/netlink/netlink-commands.ts';
import { createNetlinkSource } from '../../../adapters/sources/netlink/netlink-source.ts';
import { localPrograms } from '../../../base/programs.ts';
import { ok } from '../../../base/result.ts';
import { createNetlinkDecoder } from '../../../evidence/normalize/netlink/netlink-decoder.ts';
import { configuredEntries, entryOf } from './configured.ts';
import { ownResource } from './own-resource.ts';
import type { SourceEntries, SourceWorld } from './source-world.ts';

/** Changes of the network: as `sources` says, and where rtmon is there by itself without it. */
export const netlinkEntries: SourceEntries = (world) => {
  const { config, resolve, programsOn } = world;
  const source = createNetlinkSource({
    commandsOf: iprouteCommands,
    programsOf: ({ host }) => (host === undefined ? localPrograms : programsOn(host)),
    decoderOf: (id, { component, exclude, host }) =>
      createNetlinkDecoder({
        source: id,
        resolve,
        // A network namespace has the clock of its machine.
        resource: ownResource(),
        component: component ?? host,
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
    (source) =>
      source.kind === 'netlink' &&
      source['namespace'] === undefined &&
      source['host'] === undefined,
  );
}
