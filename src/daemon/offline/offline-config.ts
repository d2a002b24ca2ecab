import { ADAPTER_SCHEMAS } from '../../adapters/registry.ts';
import { sha256 } from '../../base/hash.ts';
import { ok, type Result } from '../../base/result.ts';
import { toSecond } from '../../base/time.ts';
import { findConfigFile } from '../../config/find-config-file.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { readConfigFile, type LoadedConfig } from '../configuration/config-file.ts';
import { rememberedConfig } from '../configuration/config-memory.ts';

/** As many digits of a hash as tell two configurations apart at a glance. */
const HASH_CHARS = 12;

/**
 * Which configuration is used, before anything is done with it: who works as root here believes
 * what the daemon's store remembers, unless a file is named.
 */
export function configWords({ file, text, rememberedAt }: LoadedConfig): string {
  if (file === undefined) return 'none found: the defaults apply';
  const hash = `sha256 ${sha256(text).slice(0, HASH_CHARS)}`;
  if (rememberedAt === undefined) return `${file} (${hash})`;
  return `${file} (${hash}, of ${toSecond(rememberedAt)}); --config FILE overrides it`;
}

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
