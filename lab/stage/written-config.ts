import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabFailure } from './lab-failure.ts';

const folder = join(import.meta.dirname, '..', 'config');

/**
 * The text of `lab/config/NAME` with each `{{word}}` replaced by its value. A word without a value
 * throws, so that no daemon ever reads one.
 */
export function writtenConfig(name: string, values: Readonly<Record<string, string>> = {}): string {
  return readFileSync(join(folder, name), 'utf8').replaceAll(
    /\{\{(\w+)\}\}/g,
    (_, word: string) => {
      const value = values[word];
      if (value === undefined) throw new LabFailure(`lab/config/${name}: no value for {{${word}}}`);
      return value;
    },
  );
}

/** Writes that text to `path` and returns the path. */
export function writeConfig(
  path: string,
  name: string,
  values: Readonly<Record<string, string>> = {},
): string {
  writeFileSync(path, writtenConfig(name, values));
  return path;
}
