import { existsSync, realpathSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { currentLink, readObject } from './layout.ts';

/** One release of a service, as it was deployed. */
export type Release = {
  readonly version: string;
  /** The directory the `current` link pointed at when the service started. */
  readonly directory: string;
};

/** Reads `release.json` behind the `current` link; throws with the file when it is not one. */
export function currentRelease(root: string, name: string): Release {
  const directory = realpathSync(currentLink(root, name));
  const file = join(directory, 'release.json');
  const version = readObject(file).get('version');
  if (typeof version !== 'string') throw new Error(`${file} names no version`);
  return { version, directory };
}

/** The code that a release brings: a function by its name, of the file that bears the name. */
export async function loadFromRelease(
  { directory }: Release,
  fileName: string,
  name: string,
): Promise<(...words: readonly unknown[]) => unknown> {
  const file = join(directory, fileName);
  const loaded: unknown = await import(pathToFileURL(file).href);
  const members = new Map<string, unknown>(
    typeof loaded === 'object' && loaded !== null ? Object.entries(loaded) : [],
  );
  const wanted = members.get(name);
  if (typeof wanted !== 'function') throw new Error(`${file} exports no function ${name}`);
  return (...words) => wanted(...words);
}

/** Points `current` at another release in one rename, so that there is a release at any moment. */
export function switchRelease(root: string, name: string, wanted: string): void {
  const link = currentLink(root, name);
  const release = join('releases', wanted);
  if (wanted === '' || !existsSync(join(dirname(link), release, 'release.json'))) {
    throw new Error(`${name} has no release ${JSON.stringify(wanted)}`);
  }
  const fresh = `${link}.${process.pid}`;
  symlinkSync(release, fresh);
  renameSync(fresh, link);
}
