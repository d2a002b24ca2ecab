import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  configFile,
  layoutFile,
  ordersDatabase,
  serviceDirectory,
  serviceNames,
} from './layout.ts';
import type { ServiceName, ShopLayout } from './layout.ts';
import type { Settings } from './live-config.ts';

/** What the shop is configured with before anybody breaks it; money in cents. */
const settingsAtFirst: Readonly<Record<ServiceName, Settings>> = {
  payment: { amountMax: 100_000, currency: 'EUR', logLevel: 'info' },
  catalog: { priceUnit: 'cent', currency: 'EUR', logLevel: 'info' },
  checkout: { callTimeoutMs: 1_000, logLevel: 'info' },
  gateway: { callTimeoutMs: 1_500, logLevel: 'info' },
};

/**
 * Writes a shop into `layout.root`, which exists and is empty: for each service its releases, the
 * `current` link at v1 and its configuration, as a deployment tool would leave them.
 */
export function buildShop(layout: ShopLayout): void {
  for (const name of serviceNames) {
    const directory = serviceDirectory(layout, name);
    const releases = join(import.meta.dirname, 'releases', name);
    cpSync(releases, join(directory, 'releases'), { recursive: true });
    symlinkSync(join('releases', 'v1'), join(directory, 'current'));
    mkdirSync(dirname(configFile(layout, name)), { recursive: true });
    writeFileSync(configFile(layout, name), settingsText(settingsAtFirst[name]));
  }
  mkdirSync(dirname(ordersDatabase(layout)), { recursive: true });
  mkdirSync(join(layout.root, 'log'), { recursive: true });
  writeFileSync(layoutFile(layout.root), `${JSON.stringify(layout, undefined, 2)}\n`);
}

/** A configuration file's text: one setting a line, so that a difference reads well. */
export const settingsText = (settings: Settings): string =>
  `${JSON.stringify(settings, undefined, 2)}\n`;
