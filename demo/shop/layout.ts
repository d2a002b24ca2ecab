import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The four services of the shop, in the order they start: a service after those it calls. */
export const serviceNames = ['payment', 'catalog', 'checkout', 'gateway'] as const;

/** One of the four services. */
export type ServiceName = (typeof serviceNames)[number];

/**
 * Where one shop lives: its root directory, the port of each service on 127.0.0.1, and the
 * OTLP/HTTP base URL its telemetry goes to. Everything else is derived, so this is all that
 * `shop.json` in the root holds.
 */
export type ShopLayout = {
  readonly root: string;
  readonly ports: Readonly<Record<ServiceName, number>>;
  readonly otlpUrl: string;
};

/** The directory of one service: `releases/`, `current`, `etc/`. */
export const serviceDirectory = (layout: ShopLayout, name: ServiceName): string =>
  join(layout.root, name);

/** The symbolic link that says which release of a service runs. */
export const currentLink = (layout: ShopLayout, name: ServiceName): string =>
  join(serviceDirectory(layout, name), 'current');

/** The configuration file of a service, read again whenever it changes. */
export const configFile = (layout: ShopLayout, name: ServiceName): string =>
  join(serviceDirectory(layout, name), 'etc', `${name}.json`);

/** The SQLite database that holds every accepted order. */
export const ordersDatabase = (layout: ShopLayout): string =>
  join(serviceDirectory(layout, 'checkout'), 'data', 'orders.db');

/** The Unix socket on which the supervisor takes commands. */
export const supervisorSocket = (root: string): string => join(root, 'shop.sock');

/** The base URL of a service. */
export const serviceUrl = (layout: ShopLayout, name: ServiceName): string =>
  `http://127.0.0.1:${layout.ports[name]}`;

/** True for the name of one of the four services. */
export const isServiceName = (text: unknown): text is ServiceName =>
  serviceNames.some((name) => name === text);

/** The file that holds the layout of the shop in `root`. */
export const layoutFile = (root: string): string => join(root, 'shop.json');

/** Reads the layout of the shop in `root`; throws with the file's name when it is not one. */
export function readLayout(root: string): ShopLayout {
  const file = layoutFile(root);
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isLayout(parsed)) throw new Error(`${file} is not the layout of a shop`);
  return parsed;
}

function isLayout(value: unknown): value is ShopLayout {
  if (typeof value !== 'object' || value === null) return false;
  if (!('root' in value) || typeof value.root !== 'string') return false;
  if (!('otlpUrl' in value) || typeof value.otlpUrl !== 'string') return false;
  if (!('ports' in value) || typeof value.ports !== 'object' || value.ports === null) return false;
  const ports = new Map<string, unknown>(Object.entries(value.ports));
  return serviceNames.every((name) => typeof ports.get(name) === 'number');
}
