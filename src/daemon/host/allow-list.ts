import { canonicalJson, type Json } from '../../base/canonical-json.ts';
import type { LastgoodError } from '../../base/error.ts';
import type { Config } from '../../config/schema.ts';
import { NTP_COMMANDS } from '../../evidence/align/ntp/ntp-reading.ts';
import { compareScope, scopeOf, underScope } from '../../model/checkpoint/capture-scope.ts';
import type { HealthProbe, StateSpec } from '../../model/component/component.ts';
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
      if (configured !== undefined && isWithin(configured, state, inventory)) return undefined;
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

/**
 * Whether a state is the configured one word for word, or less of it and else the same: what was
 * captured before more belonged to it is put back without touching the rest.
 */
function isWithin(configured: StateSpec, asked: StateSpec, inventory: Inventory): boolean {
  if (formOf(configured) === formOf(asked)) return true;
  const { scope: keys } = inventory.provider(configured);
  const [then, now] = [scopeOf(asked.spec, keys), scopeOf(configured.spec, keys)];
  if (compareScope(then, now, keys).kind !== 'wider') return false;
  return formOf(underScope(configured, then, keys)) === formOf(asked);
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

/** As it looks after the bus, so that both sides compare the same text. */
function formOf({
  id,
  component,
  provider,
  spec,
  writers,
  quiesce,
}: ProviderCall['state']): string {
  const form = { id, component, provider, spec, writers, quiesce };
  const sent: Json = JSON.parse(JSON.stringify(form));
  return canonicalJson(sent);
}
