import { readFileSync } from 'node:fs';
import { messageOf } from '../../base/error.ts';
import { ADAPTER_SCHEMAS } from '../../adapters/registry.ts';
import { loadConfig } from '../../config/load.ts';
import { neverByItself } from '../../config/never-by-itself.ts';
import { renderProblem } from '../../config/problem.ts';
import { missingPaths } from './missing-paths.ts';
import { findConfigFile } from '../../config/find-config-file.ts';

/** What `config check` found. */
export interface ConfigReport {
  readonly ok: boolean;
  readonly file?: string;
  readonly problems: readonly { readonly code: string; readonly text: string }[];
  /** What is valid and will do less than it looks, one sentence each. */
  readonly notes: readonly string[];
}

/** What cannot be read cannot be compared with the rest either. */
const HIDDEN = 'more may be found once this is mended: names and settings that must fit together';

/** Validates the configuration that `up` would use. */
export function checkConfig(named: string | undefined): ConfigReport {
  const file = findConfigFile(named, process.cwd());
  if (file === undefined) return { ok: true, problems: [], notes: [] };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const problem = { code: 'LG_CONFIG_UNREADABLE', text: `${file}: ${messageOf(error)}` };
    return { ok: false, file, problems: [problem], notes: [] };
  }
  const loaded = loadConfig(text, file, ADAPTER_SCHEMAS);
  const found = loaded.ok ? [] : loaded.error;
  const problems = found.map((one) => ({ code: one.code, text: renderProblem(one) }));
  const notes = loaded.ok
    ? [...missingPaths(loaded.value), ...neverByItself(loaded.value)]
    : found.some(({ hidesMore }) => hidesMore)
      ? [HIDDEN]
      : [];
  return { ok: loaded.ok, file, problems, notes };
}
