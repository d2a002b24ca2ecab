import type { NameSeen } from '../../model/evidence/entity-report.ts';
import type { EntityAliases } from './resolve-entity.ts';

/** What tells two services of one name apart, and two machines, the plainest first. */
const OF_SERVICES = ['service.namespace'] as const;
const OF_MACHINES = ['host.name', 'host.id', 'machine-id'] as const;

/**
 * The names that more than one thing bears: services of one name in two namespaces, hosts of one
 * short name in two domains, machines with two ids. Nothing in a single record shows that, so they
 * are one component until aliases keep them apart; empty when it is one thing.
 */
export function mixedNames(
  { name, isService, identities }: NameSeen,
  aliases: EntityAliases,
): readonly string[] {
  const known = new Set([...aliases.keys()].map((alias) => alias.toLowerCase()));
  for (const kind of isService ? OF_SERVICES : OF_MACHINES) {
    const values = identities.flatMap((identity) => {
      const value = identity.startsWith(`${kind}=`) ? identity.slice(kind.length + 1) : '';
      return value === '' ? [] : [isService ? `${value}/${name}` : value];
    });
    // What is an alias is told apart already.
    const mixed = values.filter((value) => !known.has(value.toLowerCase()));
    if (mixed.length > 1) return mixed.toSorted();
  }
  return [];
}

/** What keeps them apart. */
export function mendMixed(name: string, mixed: readonly string[]): string {
  const lines = mixed.map((one) => `aliases: [${JSON.stringify(one)}]`).join(', ');
  return `unless all are one ${name}, write each under a component of its own: ${lines}`;
}
