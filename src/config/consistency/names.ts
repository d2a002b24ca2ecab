import { hostname } from 'node:os';
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
    ...triggersOnNothing(config),
  ];
}

function missingNames(config: Config): readonly FoundProblem[] {
  const names = new Set((config.components ?? []).map((component) => component.name));
  const found: FoundProblem[] = [];
  for (const [i, component] of (config.components ?? []).entries()) {
    for (const [j, needed] of component.dependsOn.entries()) {
      if (names.has(needed)) continue;
      const message = 'no component of this name; add it to components';
      found.push({ path: ['components', i, 'dependsOn', j], message, value: needed });
    }
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
