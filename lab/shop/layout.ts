import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The four services of the shop. */
export const serviceNames = ['catalog', 'inventory', 'payment', 'checkout'] as const;

/** One of the four services. */
export type ServiceName = (typeof serviceNames)[number];

/**
 * What `shop.json` in the shop's folder says: where the services listen, where their servers are,
 * and where their telemetry goes. Everything else is derived from it.
 */
export type ShopLayout = {
  readonly root: string;
  readonly ports: Readonly<Record<ServiceName, number>>;
  /** Words before the command of a service, such as those that give it a clock of its own. */
  readonly launchers: Readonly<Record<ServiceName, readonly string[]>>;
  /** Base URL of OTLP over HTTP. */
  readonly otlpUrl: string;
  /** `host` is the folder of PostgreSQL's Unix socket. */
  readonly postgresql: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
  };
  readonly redisUrl: string;
  /** The shop sells without it; then nobody ships. */
  readonly rabbitmqUrl: string;
};

/** The symbolic link that says which release of a service runs. */
export const currentLink = (root: string, name: ServiceName): string => join(root, name, 'current');

/** The configuration of a service, read when it starts. */
export const configFile = (root: string, name: ServiceName): string =>
  join(root, name, 'etc', `${name}.json`);

/** The Unix socket on which the supervisor takes commands. */
export const supervisorSocket = (root: string): string => join(root, 'shop.sock');

/** The base URL of a service. */
export const serviceUrl = (layout: ShopLayout, name: ServiceName): string =>
  `http://127.0.0.1:${layout.ports[name]}`;

/** True for the name of one of the four services. */
export const isServiceName = (text: unknown): text is ServiceName =>
  serviceNames.some((name) => name === text);

/** Reads the layout of the shop in `root`; throws with the file's name when it is not one. */
export function readLayout(root: string): ShopLayout {
  const file = join(root, 'shop.json');
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isLayout(parsed)) throw new Error(`${file} is not the layout of a shop`);
  return parsed;
}

function isLayout(value: unknown): value is ShopLayout {
  const layout = members(value);
  const ports = members(layout.get('ports'));
  const launchers = members(layout.get('launchers'));
  const postgresql = members(layout.get('postgresql'));
  return (
    ['root', 'otlpUrl', 'redisUrl', 'rabbitmqUrl'].every((key) => isText(layout.get(key))) &&
    serviceNames.every((name) => typeof ports.get(name) === 'number') &&
    serviceNames.every((name) => areWords(launchers.get(name))) &&
    ['host', 'database', 'user'].every((key) => isText(postgresql.get(key))) &&
    typeof postgresql.get('port') === 'number'
  );
}

const isText = (value: unknown): boolean => typeof value === 'string';

const areWords = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const members = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
