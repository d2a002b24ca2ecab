import type { Routes } from '../../shop/json-server.ts';
import { configFile, portOf, readLayout } from '../../shop/layout.ts';
import type { ShopLayout } from '../../shop/layout.ts';
import type { Settings } from '../../shop/deploy-service.ts';
import { currentRelease } from '../../shop/release.ts';
import type { Release } from '../../shop/release.ts';
import { serve } from '../../shop/serve.ts';
import type { ServiceName } from './layout.ts';
import { liveConfig } from './live-config.ts';
import { startTelemetry } from './telemetry.ts';
import type { Telemetry } from './telemetry.ts';

/** What a service builds its routes from. */
export type ServiceParts = {
  readonly layout: ShopLayout;
  readonly release: Release;
  readonly settings: () => Settings;
  readonly telemetry: Telemetry;
};

/**
 * Runs one service of the shop in the folder its first argument names: loads the current release,
 * follows its configuration, and serves the routes that `build` makes.
 */
export async function runService(
  name: ServiceName,
  build: (parts: ServiceParts) => Promise<Routes> | Routes,
): Promise<void> {
  const layout = readLayout(process.argv[2] ?? '');
  const release = currentRelease(layout.root, name);
  const identity = { name, version: release.version };
  const telemetry = startTelemetry(identity, layout);
  const settings = liveConfig(
    configFile(layout.root, name),
    (changed) => telemetry.info('configuration read again', { ...changed }),
    (error) => telemetry.error('the configuration is unreadable, the last one stays', error),
  );
  const routes = await build({ layout, release, settings, telemetry });
  await serve(identity, portOf(layout, name), routes, telemetry);
}
