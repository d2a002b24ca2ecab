import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The file to use: the one named, else ./lastgood.yaml, else /etc/lastgood/lastgood.yaml. */
export function findConfigFile(named: string | undefined, cwd: string): string | undefined {
  if (named !== undefined) return resolve(cwd, named);
  const candidates = [resolve(cwd, 'lastgood.yaml'), '/etc/lastgood/lastgood.yaml'];
  return candidates.find((file) => existsSync(file));
}
