import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deployService } from '../../shop/deploy-service.ts';
import type { Settings } from '../../shop/deploy-service.ts';
import { layoutFile } from '../../shop/layout.ts';
import { ordersDatabase, serviceNames } from './layout.ts';
import type { DemoLayout, DemoPlace, ServiceName } from './layout.ts';

/** What the shop is configured with before anybody breaks it; money in cents. */
const settingsAtFirst: Readonly<Record<ServiceName, Settings>> = {
  payment: { amountMax: 100_000, currency: 'EUR', logLevel: 'info' },
  catalog: { priceUnit: 'cent', currency: 'EUR', logLevel: 'info' },
  checkout: { callTimeoutMs: 1_000, logLevel: 'info' },
  gateway: { callTimeoutMs: 1_500, logLevel: 'info' },
};

/** Writes a shop into `root`, which exists and is empty, as a deployment tool would leave it. */
export function buildShop({ root, ports, otlpUrl }: DemoPlace): DemoLayout {
  const layout: DemoLayout = { root, programs: import.meta.dirname, ports, launchers: {}, otlpUrl };
  const releases = join(import.meta.dirname, 'releases');
  for (const name of serviceNames) {
    deployService(root, name, { releases, settings: settingsAtFirst[name] });
  }
  mkdirSync(dirname(ordersDatabase(root)), { recursive: true });
  mkdirSync(join(root, 'log'), { recursive: true });
  writeFileSync(layoutFile(root), `${JSON.stringify(layout, undefined, 2)}\n`);
  return layout;
}
