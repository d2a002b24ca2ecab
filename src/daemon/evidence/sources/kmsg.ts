import { KMSG_COMMAND } from '../../../adapters/sources/kmsg/kmsg-command.ts';
import type { KmsgSourceParts } from '../../../adapters/sources/kmsg/kmsg-parts.ts';
import { createKmsgSource } from '../../../adapters/sources/kmsg/kmsg-source.ts';
import { ok } from '../../../base/result.ts';
import { liveKmsgNormalizer } from '../../../evidence/normalize/kernel/kmsg-normalizer.ts';
import { configuredEntries, entryOf } from './configured.ts';
import { ownResource } from './own-resource.ts';
import type { SourceEntries, SourceWorld } from './source-world.ts';

/** The kernel's log, as `sources` names it; else where this host has one and no journal. */
export const kmsgEntries: SourceEntries = (world) => {
  const { resolve, clock, discovered, programsOn } = world;
  const resource = ownResource();
  const journal = journalOfKernel(world);
  const parts: KmsgSourceParts = {
    command: KMSG_COMMAND,
    programs: programsOn(undefined),
    normalizerOf: (source, at) =>
      liveKmsgNormalizer({ source, resolve, observedNs: () => clock.now() }, { resource, at }),
    monotonicUs: () => Number(process.hrtime.bigint()) / 1e3,
    resource,
    entity: resolve(resource),
    journal,
    isFound: false,
  };
  const named = configuredEntries(world, createKmsgSource(parts));
  const found =
    discovered?.hasKernelLog === true
      ? [entryOf('kernel', createKmsgSource({ ...parts, isFound: true }), {})]
      : [];
  return ok([...named, ...found].map((entry) => ({ ...entry, madeWith: journal ?? '' })));
};

/** The journald source that tells what the kernel of this host says: units of it do not. */
function journalOfKernel({ config }: SourceWorld): string | undefined {
  const isWhole = (source: Readonly<Record<string, unknown>>): boolean =>
    source['units'] === undefined && source['directory'] === undefined;
  return config.sources?.find((source) => source.kind === 'journald' && isWhole(source))?.name;
}
