import { createEntityResolver } from '../../evidence/align/resolve-entity.ts';
import type { Component } from '../../model/component/component.ts';
import { componentAddresses } from '../../model/component/component-addresses.ts';
import type { ResolveEntity } from '../../model/component/entity.ts';
import { TRAFFIC_KINDS } from '../../model/component/traffic-kinds.ts';
import type { Invocation } from '../invocation.ts';

/** What commands on files know of the components the records are about. */
export interface FileInventory {
  readonly resolve: ResolveEntity;
  /** Who depends on whom, as `dependsOn` says. */
  readonly dependencies: readonly { readonly from: string; readonly to: string }[];
  readonly passive: readonly string[];
  readonly addresses: Readonly<Record<string, string>>;
}

/**
 * The inventory of the configuration that `--config` names: aliases, dependencies, addresses. Only
 * of one that is named: what becomes of a file must not depend on the folder a command runs in.
 */
export async function fileInventory({
  options,
}: Pick<Invocation, 'options'>): Promise<FileInventory> {
  if (options.config === undefined) {
    return { resolve: createEntityResolver(), dependencies: [], passive: [], addresses: {} };
  }
  const { namedInventory } = await import('../../daemon/configuration/named-inventory.ts');
  const { components, aliases } = namedInventory(options.config);
  return {
    resolve: createEntityResolver(aliases),
    dependencies: components.flatMap(dependenciesOf),
    passive: components.filter(({ kind }) => TRAFFIC_KINDS.has(kind)).map(({ name }) => name),
    addresses: componentAddresses(components),
  };
}

function dependenciesOf({ name, dependsOn }: Component): FileInventory['dependencies'] {
  return dependsOn.map((needed) => ({ from: name, to: needed }));
}
