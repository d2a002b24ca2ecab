import { readFileSync, realpathSync, writeSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { jsonServer } from './json-http.ts';
import type { JsonAnswer, Routes } from './json-http.ts';
import { configFile, currentLink, readLayout, serviceNames } from './layout.ts';
import type { ServiceName, ShopLayout } from './layout.ts';
import { startTelemetry } from './telemetry.ts';
import type { Telemetry } from './telemetry.ts';

/** What a service builds its routes from. */
export type ServiceParts = {
  readonly layout: ShopLayout;
  /** The folder the `current` link led to when the service started. */
  readonly release: string;
  /** A number of its configuration; throws with the name when there is none. */
  readonly setting: (name: string) => number;
  readonly telemetry: Telemetry;
};

/** A failure the caller is told with a status of its own, such as 402 for a declined payment. */
export class ServiceError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'ServiceError';
    this.status = status;
  }
}

/** Requests in flight get this long to end after SIGTERM; a customer gives up at two seconds. */
const drainMs = 1_000;
/** The last telemetry gets this long; the observer may be the very thing that is down. */
const flushMs = 400;

/**
 * Runs one service until SIGTERM or until its supervisor is gone (its standard input ends): reads
 * the layout in the folder its first argument names, the release and the configuration, serves
 * `/healthz` beside its own routes, and turns every thrown error into an answer and a log line.
 */
export async function runService(
  name: ServiceName,
  build: (parts: ServiceParts) => Promise<Routes> | Routes,
): Promise<void> {
  const layout = readLayout(process.argv[2] ?? '');
  const release = realpathSync(currentLink(layout.root, name));
  const version = String(readObject(join(release, 'release.json')).get('version'));
  const settings = readObject(configFile(layout.root, name));
  const peers = new Map(serviceNames.map((peer) => [layout.ports[peer], peer]));
  const telemetry = startTelemetry({ name, version, otlpUrl: layout.otlpUrl, peers });
  const setting = (wanted: string): number => {
    const value = settings.get(wanted);
    if (typeof value === 'number') return value;
    throw new Error(`${configFile(layout.root, name)}: ${wanted} is no number: ${String(value)}`);
  };
  const routes = await build({ layout, release, setting, telemetry });
  const health = async (): Promise<JsonAnswer> => ({
    status: 200,
    body: { service: name, version, status: 'ok' },
  });
  const server = jsonServer({ ...routes, 'GET /healthz': health }, (route, error) => {
    const message = error instanceof Error ? error.message : String(error);
    telemetry.fail(`${route} failed: ${message}`, error);
    return { status: error instanceof ServiceError ? error.status : 500, body: { error: message } };
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(layout.ports[name], '127.0.0.1', () => resolve());
  });
  telemetry.log.info(`${name} ${version} started`);
  if (process.env['SHOP_READY_FD'] === '3') writeSync(3, 'ready\n');
  stopOnRequest(server, telemetry);
}

function readObject(file: string): ReadonlyMap<string, unknown> {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`${file} holds no object`);
  return new Map(Object.entries(parsed));
}

function stopOnRequest(server: Server, telemetry: Telemetry): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    await Promise.race([closed, pause(drainMs)]);
    await Promise.race([telemetry.shutdown(), pause(flushMs)]);
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.stdin.once('end', () => void stop());
  process.stdin.once('error', () => void stop());
  process.stdin.resume();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
