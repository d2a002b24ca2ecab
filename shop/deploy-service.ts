import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configFile, currentLink } from './layout.ts';

/** A flat set of settings, as in `etc/NAME.json`. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/**
 * Puts one service into the shop of `root` as a deployment tool would leave it: its releases, the
 * `current` link at v1 unless there is one, and its configuration.
 */
export function deployService(
  root: string,
  name: string,
  { releases, settings }: { readonly releases: string; readonly settings: Settings },
): void {
  cpSync(join(releases, name), join(root, name, 'releases'), { recursive: true });
  const current = currentLink(root, name);
  if (!existsSync(current)) symlinkSync(join('releases', 'v1'), current);
  mkdirSync(dirname(configFile(root, name)), { recursive: true });
  writeFileSync(configFile(root, name), settingsText(settings));
}

/** A configuration file's text: one setting a line, so that a difference reads well. */
export const settingsText = (settings: Settings): string =>
  `${JSON.stringify(settings, undefined, 2)}\n`;
