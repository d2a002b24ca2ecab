import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What `shop.json` in a shop's folder says. Everything else is derived from it, so every process of
 * a shop needs the folder's name alone.
 */
export type ShopLayout<Name extends string = string> = {
  readonly root: string;
  /** The folder that holds the program of each service, `NAME.ts`. */
  readonly programs: string;
  /** The services, and the port of each on 127.0.0.1. */
  readonly ports: Readonly<Record<Name, number>>;
  /** Words before the command of a service, such as those that give it a clock of its own. */
  readonly launchers: Readonly<Partial<Record<Name, readonly string[]>>>;
  /** Base URL of OTLP over HTTP. */
  readonly otlpUrl: string;
};

/** The file that holds the layout of the shop in `root`. */
export const layoutFile = (root: string): string => join(root, 'shop.json');

/** The symbolic link that says which release of a service runs. */
export const currentLink = (root: string, name: string): string => join(root, name, 'current');

/** The configuration file of a service. */
export const configFile = (root: string, name: string): string =>
  join(root, name, 'etc', `${name}.json`);

/** What a service and what it was loaded with say on their standard outputs. */
export const logFile = (root: string, name: string): string => join(root, 'log', `${name}.log`);

/** The Unix socket on which the supervisor takes commands. */
export const supervisorSocket = (root: string): string => join(root, 'shop.sock');

/** The port of a service; throws when the shop has no such service. */
export function portOf({ ports }: Pick<ShopLayout, 'ports'>, name: string): number {
  const port = ports[name];
  if (port === undefined) throw new Error(`the shop has no service ${JSON.stringify(name)}`);
  return port;
}

/** The base URL of a service. */
export const serviceUrl = (layout: Pick<ShopLayout, 'ports'>, name: string): string =>
  `http://127.0.0.1:${portOf(layout, name)}`;

/** The object in a JSON file; throws with the file's name when it holds none. */
export function readObject(file: string): ReadonlyMap<string, unknown> {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new Error(`${file} does not hold a JSON object`);
  }
  return new Map(Object.entries(parsed));
}

/** Reads the layout of the shop in `root`; throws with the file's name when it is not one. */
export function readLayout(root: string): ShopLayout {
  const file = layoutFile(root);
  const { ports, launchers, ...texts } = Object.fromEntries(readObject(file));
  const { programs, otlpUrl } = texts;
  if (
    texts['root'] === root &&
    typeof programs === 'string' &&
    typeof otlpUrl === 'string' &&
    isRecordOf(ports, (port) => typeof port === 'number') &&
    isRecordOf(launchers, areWords)
  ) {
    return { root, programs, otlpUrl, ports, launchers };
  }
  throw new Error(`${file} is not the layout of a shop`);
}

function isRecordOf<Value>(
  value: unknown,
  isValue: (member: unknown) => member is Value,
): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && Object.values(value).every(isValue);
}

const areWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((word) => typeof word === 'string');
