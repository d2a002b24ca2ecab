import { iprouteCommands } from '../../adapters/sources/netlink/netlink-commands.ts';
import { netlinkSpecSchema } from '../../adapters/sources/netlink/netlink-spec.ts';
import { KMSG_COMMAND } from '../../adapters/sources/kmsg/kmsg-command.ts';
import type { Config } from '../../config/schema.ts';

/** The programs that sources have a host run, each a list of words. */
export interface SourcePrograms {
  /** They write for as long as they live. */
  readonly watched: readonly (readonly string[])[];
  /** They end by themselves. */
  readonly run: readonly (readonly string[])[];
}

/** What a runner allows that runs none for sources. */
export const NO_PROGRAMS: SourcePrograms = { watched: [], run: [] };

/**
 * The programs of the sources that name a host; without one, those that this machine's own runner
 * runs: only what needs root, as all else the sources run themselves.
 */
export function sourceProgramsOf({ sources }: Config, host: string | undefined): SourcePrograms {
  if (host === undefined) {
    // Without sources the kernel's log may be found.
    const isRead = sources?.some(({ kind }) => kind === 'kmsg') ?? true;
    return isRead ? { watched: [KMSG_COMMAND], run: [] } : NO_PROGRAMS;
  }
  const commands = (sources ?? []).flatMap(({ kind, name: _name, rules: _rules, ...rest }) => {
    if (kind !== 'netlink') return [];
    const spec = netlinkSpecSchema.safeParse(rest);
    if (!spec.success || spec.data.host !== host) return [];
    const found = iprouteCommands(spec.data);
    return found.ok ? [found.value] : [];
  });
  return {
    watched: commands.map(({ monitor }) => monitor),
    run: commands.flatMap(({ routes, addresses }) => [...routes, ...addresses]),
  };
}
