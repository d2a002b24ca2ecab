import { hostname } from 'node:os';
import { normalize } from 'node:path';
import { hostComponentName } from '../own-host.ts';
import type { FoundProblem } from '../problem.ts';
import type { Config } from '../schema.ts';

/** Names that are used twice, or that nothing bears. */
export function nameProblems(config: Config): readonly FoundProblem[] {
  return [
    ...missingNames(config),
    ...repeated('components', config.components ?? []),
    ...repeated('triggers', config.triggers),
    ...repeated('sources', config.sources ?? []),
    ...repeated('hosts', config.hosts),
    ...repeatedGroups(config),
    ...sharedSockets(config),
    ...sharedAliases(config),
    ...triggersOnNothing(config),
  ];
}

function missingNames(config: Config): readonly FoundProblem[] {
  const names = new Set((config.components ?? []).map((component) => component.name));
  const found: FoundProblem[] = [];
  const hosts = new Set(config.hosts.map((host) => host.name));
  const missingHost = (path: readonly PropertyKey[], host: unknown): void => {
    if (host === undefined || hosts.has(String(host))) return;
    found.push({ path, message: 'no host of this name; add it to hosts', value: host });
  };
  for (const [i, component] of (config.components ?? []).entries()) {
    missingHost(['components', i, 'host'], component.host);
    for (const [j, probe] of component.health.entries()) {
      const host = 'command' in probe ? probe.host : undefined;
      missingHost(['components', i, 'health', j, 'host'], host);
    }
    for (const [j, probe] of component.reach.entries()) {
      const host = 'command' in probe ? probe.host : undefined;
      missingHost(['components', i, 'reach', j, 'host'], host);
    }
    for (const [j, needed] of component.dependsOn.entries()) {
      if (names.has(needed)) continue;
      const message = 'no component of this name; add it to components';
      found.push({ path: ['components', i, 'dependsOn', j], message, value: needed });
    }
  }
  for (const [i, source] of (config.sources ?? []).entries()) {
    // Of other kinds it may be anything, such as a device's address.
    if (source.kind === 'netlink') missingHost(['sources', i, 'host'], source['host']);
  }
  for (const [i, window] of config.freeze.entries()) {
    for (const [j, frozen] of window.components.entries()) {
      if (config.components === undefined || frozen === '*' || names.has(frozen)) continue;
      const message = 'no component of this name, so nothing would be frozen; "*" means all';
      found.push({ path: ['freeze', i, 'components', j], message, value: frozen });
    }
  }
  return found;
}

function repeated(
  member: string,
  list: readonly { readonly name: string }[],
): readonly FoundProblem[] {
  const seen = new Set<string>();
  return list.flatMap(({ name }, i) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ path: [member, i, 'name'], message: 'this name is used twice', value: name }];
  });
}

function repeatedGroups({ checkpoints }: Config): readonly FoundProblem[] {
  const found = repeated('groups', checkpoints.groups);
  return found.map((problem) => ({ ...problem, path: ['checkpoints', ...problem.path] }));
}

/** One runner under two names: what is meant for one host would be done to the other. */
function sharedSockets({ hosts }: Config): readonly FoundProblem[] {
  return hosts.flatMap(({ socket }, i) => {
    const path = normalize(socket);
    const owner = hosts.slice(0, i).find((earlier) => normalize(earlier.socket) === path);
    if (owner === undefined) return [];
    const message = `${owner.name} has this socket already; each host has a runner of its own`;
    return [{ path: ['hosts', i, 'socket'], message, value: socket }];
  });
}

/** One name for two components: their records would be mixed for ever. */
function sharedAliases({ components = [] }: Config): readonly FoundProblem[] {
  const owners = new Map(components.map(({ name }) => [name.toLowerCase(), name]));
  return components.flatMap(({ name, aliases }, i) =>
    aliases.flatMap((alias, j) => {
      const key = alias.toLowerCase();
      const owner = owners.get(key);
      owners.set(key, name);
      if (owner === undefined) return [];
      const message =
        owner === name
          ? 'this component has the name already'
          : `${owner} has this name already; a name stands for one component`;
      return [{ path: ['components', i, 'aliases', j], message, value: alias }];
    }),
  );
}

/** A trigger on a name that no record bears never fires, and nobody would notice. */
function triggersOnNothing({ components, triggers }: Config): readonly FoundProblem[] {
  // What is discovered rather than named has names that only the host knows.
  if (components === undefined) return [];
  const names = new Set([...components.map(({ name }) => name), hostComponentName(hostname())]);
  return triggers.flatMap(({ component }, i) => {
    if (component === undefined || names.has(component)) return [];
    const message = 'no component of this name; add it to components';
    return [{ path: ['triggers', i, 'component'], message, value: component }];
  });
}
