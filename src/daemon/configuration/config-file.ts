import { readFileSync } from 'node:fs';
import { messageOf } from '../../base/error.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { AdapterSchemas } from '../../config/adapter-problems.ts';
import { loadConfig } from '../../config/load.ts';
import { renderProblem } from '../../config/problem.ts';
import type { Config } from '../../config/schema.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/** A configuration and where it came from. */
export interface LoadedConfig {
  readonly config: Config;
  /** Absent when none was found and the defaults apply. */
  readonly file?: string;
  readonly text: string;
  /** When a daemon began to run with it, RFC 3339; absent where it was read from its file now. */
  readonly rememberedAt?: string;
}

/** Reads and validates; every problem stands in the error, each with file:line:column. */
export function readConfigFile(
  file: string | undefined,
  adapters: AdapterSchemas,
): Result<LoadedConfig> {
  let text = '';
  if (file !== undefined) {
    try {
      text = readFileSync(file, 'utf8');
    } catch (cause) {
      return err(lgError('LG_CONFIG_UNREADABLE', `${file}: ${messageOf(cause)}`, cause));
    }
  }
  const loaded = loadConfig(text, file ?? 'the defaults', adapters);
  if (!loaded.ok) {
    const [first] = loaded.error;
    const detail = loaded.error.map(renderProblem).join('\n  ');
    return err(lgError(first?.code ?? 'LG_CONFIG_INVALID', detail));
  }
  return ok({ config: loaded.value, text, ...(file === undefined ? {} : { file }) });
}
