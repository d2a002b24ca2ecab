import { LabFailure } from './lab-failure.ts';
import type { Part } from './part.ts';

/**
 * The parts to bring up: those named, or all, without those excluded and without whatever needs
 * one of those; with all they need, each after what it needs. `registry` is in such an order.
 */
export function chooseParts(
  registry: readonly Part[],
  named: readonly string[],
  excluded: readonly string[],
): readonly Part[] {
  const byName = new Map(registry.map((part) => [part.name, part]));
  for (const name of [...named, ...excluded]) {
    if (!byName.has(name)) {
      throw new LabFailure(`no part ${name}; the parts are ${[...byName.keys()].join(', ')}`);
    }
  }
  const chosen = new Set<string>();
  const isExcluded = ({ name, needs }: Part): boolean =>
    excluded.includes(name) || needs.some((need) => isExcluded(partOf(byName, need)));
  const impossible = named.find((name) => isExcluded(partOf(byName, name)));
  if (impossible !== undefined) {
    throw new LabFailure(
      `${impossible} cannot stand without ${excluded.join(', ')}; leave out one`,
    );
  }
  const choose = (part: Part): void => {
    chosen.add(part.name);
    for (const need of part.needs) choose(partOf(byName, need));
  };
  for (const part of registry) {
    const isNamed = named.length === 0 || named.includes(part.name);
    if (isNamed && !isExcluded(part)) choose(part);
  }
  return registry.filter(({ name }) => chosen.has(name));
}

function partOf(byName: ReadonlyMap<string, Part>, name: string): Part {
  const part = byName.get(name);
  if (part === undefined) throw new LabFailure(`the registry names ${name} before it knows it`);
  return part;
}
