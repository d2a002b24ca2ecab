import { ADAPTER_SCHEMAS } from '../../adapters/registry.ts';
import { ok, type Result } from '../../base/result.ts';
import { findConfigFile } from '../../config/find-config-file.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { readConfigFile, type LoadedConfig } from '../configuration/config-file.ts';
import { rememberedConfig } from '../configuration/config-memory.ts';

/** The file that was named, else what the daemon ran with last, else the usual search. */
export async function offlineConfig(
  named: string | undefined,
  control: ControlStore,
): Promise<Result<LoadedConfig>> {
  if (named === undefined) {
    const known = await rememberedConfig(control, ADAPTER_SCHEMAS);
    if (!known.ok) return known;
    if (known.value !== undefined) return ok(known.value);
  }
  return readConfigFile(findConfigFile(named, process.cwd()), ADAPTER_SCHEMAS);
}
