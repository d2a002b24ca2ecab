import { ADAPTER_SCHEMAS } from '../../adapters/registry.ts';
import { aliasesOf, componentsOf } from '../../config/inventory.ts';
import type { Component } from '../../model/component/component.ts';
import { readConfigFile } from './config-file.ts';

/** The components that a configuration lists, and their other names; throws what is wrong in it. */
export function namedInventory(file: string): {
  readonly components: readonly Component[];
  readonly aliases: ReadonlyMap<string, string>;
} {
  const loaded = readConfigFile(file, ADAPTER_SCHEMAS);
  if (!loaded.ok) throw loaded.error;
  const { config } = loaded.value;
  // What is not spoken of is nobody: the records may come from anywhere but this host.
  return {
    components: config.components === undefined ? [] : componentsOf(config),
    aliases: aliasesOf(config),
  };
}
