import type { Programs } from '../../../base/programs.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { NetlinkDecoder } from '../../../ports/netlink-decoder.ts';
import type { RunningSource, Source, SourceContext } from '../../../ports/source.ts';
import type { NetlinkCommands } from './netlink-commands.ts';
import { netlinkSpecSchema, type NetlinkSpec } from './netlink-spec.ts';
import { NetlinkWatcher } from './netlink-watcher.ts';

/** What the composition root gives. */
export interface NetlinkSourceParts {
  /** Makes the decoder of one source: one network namespace. */
  readonly decoderOf: (source: string, spec: NetlinkSpec) => NetlinkDecoder;
  /** The programs to run; fails when they are not installed. */
  readonly commandsOf: (spec: NetlinkSpec) => Result<NetlinkCommands>;
  /** Where they run. */
  readonly programsOf: (spec: NetlinkSpec) => Programs;
}

/** The state of a machine is dumped within this time, or something is wrong. */
const START_WAIT_MS = 10_000;

/**
 * Changes of links, addresses and routes as the kernel tells them, by rtmon of iproute2. It needs
 * no privilege in its own network namespace. The state at the start is no change; when rtmon dies
 * it is started again, and what changed meanwhile is told then, without a time.
 */
export function createNetlinkSource(parts: NetlinkSourceParts): Source<NetlinkSpec> {
  return {
    kind: 'netlink',
    specSchema: netlinkSpecSchema,
    start: (spec, context) => startWatching(parts, spec, context),
  };
}

async function startWatching(
  parts: NetlinkSourceParts,
  spec: NetlinkSpec,
  context: SourceContext,
): Promise<Result<RunningSource>> {
  const commands = parts.commandsOf(spec);
  if (!commands.ok) return commands;
  const decoder = parts.decoderOf(context.id, spec);
  const { host, namespace } = spec;
  const within = namespace === undefined ? '' : ` in namespace ${namespace}`;
  const target = `rtmon${within}${host === undefined ? '' : ` on ${host}`}`;
  const programs = parts.programsOf(spec);
  const watcher = new NetlinkWatcher({
    commands: commands.value,
    programs,
    decoder,
    context,
    target,
  });
  const problem = await watcher.start(START_WAIT_MS);
  if (problem === undefined) {
    return ok({ status: () => watcher.status(), stop: () => watcher.stop() });
  }
  await watcher.stop();
  return err(lgError('LG_INGEST_SOURCE_UNREADABLE', `${target}: ${problem}${mendOf(problem)}`));
}

function mendOf(problem: string): string {
  if (!/not permitted|Permission denied/.test(problem)) return '';
  return '; entering another network namespace needs root: run lastgood inside of it instead';
}
