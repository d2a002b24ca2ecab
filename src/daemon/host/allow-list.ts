import { canonicalJson } from '../../base/canonical-json.ts';
import type { LastgoodError } from '../../base/error.ts';
import type { Config } from '../../config/schema.ts';
import { NTP_COMMANDS } from '../../evidence/align/ntp/ntp-reading.ts';
import { sameOrLess } from '../../model/checkpoint/capture-scope.ts';
import type { HealthProbe } from '../../model/component/component.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { ProviderCall } from '../../ports/provider-call.ts';
import type { Inventory } from '../recovery/inventory.ts';
import { NO_PROGRAMS, sourceProgramsOf, type SourcePrograms } from './source-programs.ts';

/** What a host process with privileges does for callers without; it refuses everything else. */
export interface AllowList {
  /** Why a provider call is refused: its state must stand in the configuration word for word. */
  refuseCall(call: ProviderCall): LastgoodError | undefined;
  /** Why a command is refused: a health check, a reach probe or a source must name it. */
  refuseCommand(words: readonly string[]): LastgoodError | undefined;
  /** Why a program is refused that writes for as long as it lives: a source must name it. */
  refuseProgram(words: readonly string[]): LastgoodError | undefined;
}

/**
 * The allow-list that a configuration is for one of its hosts, by name; absent: for its own
 * machine. It says which states and commands, not what is put there: that the runner applies only
 * what it captured itself is up to its `ImageMarks`. So somebody who takes the core over gets no
 * further than to what once was there.
 */
export function allowList(
  inventory: Inventory,
  host?: string,
  sources: SourcePrograms = NO_PROGRAMS,
): AllowList {
  const states = inventory.states.filter((state) => inventory.hostOf(state.component) === host);
  const specs = new Map(states.map((state) => [state.id, state]));
  const probes = inventory.components.flatMap(({ name, health, reach = [] }) => [
    ...health.flatMap((probe) => commandOn(host, probe, inventory.hostOf(name))),
    ...reach.flatMap((probe) => commandOn(host, probe, undefined)),
  ]);
  const commands = wordSet([
    ...probes,
    ...sources.run,
    // Reading what NTP says of the clock changes nothing, so no configuration need name it.
    ...NTP_COMMANDS.map(({ words }) => words),
  ]);
  return {
    refuseCall({ state, method }) {
      const configured = specs.get(state.id);
      // Less of it: what was captured before more belonged to it, which is left alone.
      const isWithin =
        configured !== undefined &&
        sameOrLess(state, configured, inventory.provider(configured).scope);
      if (isWithin) return undefined;
      const detail = `${method} of ${state.id}, which was configured otherwise or not at all`;
      return lgError('LG_PROVIDER_NOT_ALLOWED', detail);
    },
    refuseCommand(words) {
      return commands.has(canonicalJson(words)) ? undefined : notAllowed('command', words);
    },
    refuseProgram(words) {
      return refusedProgram(sources, words);
    },
  };
}

/** What refuses programs on the daemon's own machine, by its configuration as of now. */
export function refusalBy(config: () => Config): AllowList['refuseProgram'] {
  return (words) => refusedProgram(sourceProgramsOf(config(), undefined), words);
}

function refusedProgram(
  { watched }: SourcePrograms,
  words: readonly string[],
): LastgoodError | undefined {
  return wordSet(watched).has(canonicalJson(words)) ? undefined : notAllowed('program', words);
}

/** The command of a probe that this host runs; `usual`: where it runs when it names no host. */
function commandOn(
  host: string | undefined,
  probe: HealthProbe,
  usual: string | undefined,
): readonly (readonly string[])[] {
  if (probe.kind !== 'command') return [];
  return (probe.host ?? usual) === host ? [probe.command] : [];
}

function wordSet(commands: readonly (readonly string[])[]): ReadonlySet<string> {
  return new Set(commands.map((words) => canonicalJson(words)));
}

function notAllowed(what: string, words: readonly string[]): LastgoodError {
  const detail = `the ${what} \`${words[0] ?? ''}\` with ${words.length - 1} arguments`;
  return lgError('LG_PROVIDER_NOT_ALLOWED', detail);
}
