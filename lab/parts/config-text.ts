import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabFailure } from '../stage/lab-failure.ts';

/**
 * A file of `lab/` with its places filled in: `{{name}}` becomes the value of that name. Braces
 * around anything but a bare word stay as they are, since Prometheus has templates of its own.
 */
export function configText(path: string, values: Readonly<Record<string, string>> = {}): string {
  const text = readFileSync(join(import.meta.dirname, '..', path), 'utf8');
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new LabFailure(`lab/${path}: nothing to put for {{${name}}}`);
    return value;
  });
}
