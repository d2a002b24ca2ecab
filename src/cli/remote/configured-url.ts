import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { findConfigFile } from '../../config/find-config-file.ts';
import { address } from '../../config/values.ts';

/**
 * Where a daemon with this configuration would serve its UI and API; undefined without a file or
 * a readable address. A file at fault is for `config check` to judge, not for every command.
 */
export function configuredUrl(named: string | undefined, cwd: string): string | undefined {
  const file = findConfigFile(named, cwd);
  if (file === undefined) return undefined;
  const config = membersOf(parsed(file));
  const ui = address.safeParse(membersOf(config.get('listen')).get('ui'));
  if (!ui.success) return undefined;
  const { host, port } = ui.data;
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const scheme = membersOf(config.get('access')).has('tls') ? 'https' : 'http';
  return `${scheme}://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(Object(value)));
}

function parsed(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
