import type { Routes } from '../../shop/json-server.ts';
import { configFile, portOf, readObject } from '../../shop/layout.ts';
import { currentRelease } from '../../shop/release.ts';
import type { Release } from '../../shop/release.ts';
import { serve } from '../../shop/serve.ts';
import { readLabLayout } from './layout.ts';
import type { LabLayout } from './layout.ts';
import { startTelemetry } from './telemetry.ts';
import type { Telemetry } from './telemetry.ts';

/** What a service builds its routes from. */
export type ServiceParts = {
  readonly layout: LabLayout;
  readonly release: Release;
  /** A number of its configuration; throws with the name when there is none. */
  readonly setting: (name: string) => number;
  readonly telemetry: Telemetry;
};

/**
 * Runs one service of the shop in the folder its first argument names: loads the current release,
 * reads its configuration once, and serves the routes that `build` makes.
 */
export async function runService(
  name: string,
  build: (parts: ServiceParts) => Promise<Routes> | Routes,
): Promise<void> {
  const layout = readLabLayout(process.argv[2] ?? '');
  const release = currentRelease(layout.root, name);
  const file = configFile(layout.root, name);
  const settings = readObject(file);
  const identity = { name, version: release.version };
  const telemetry = startTelemetry(identity, layout);
  const setting = (wanted: string): number => {
    const value = settings.get(wanted);
    if (typeof value === 'number') return value;
    throw new Error(`${file}: ${wanted} is no number: ${String(value)}`);
  };
  const routes = await build({ layout, release, setting, telemetry });
  await serve(identity, portOf(layout, name), routes, telemetry);
}
