import { writeSync } from 'node:fs';
import type { Server } from 'node:http';
import { serveJson } from './json-http.ts';
import type { JsonAnswer, Routes } from './json-http.ts';
import { configFile, readLayout, serviceNames } from './layout.ts';
import type { ServiceName, ShopLayout } from './layout.ts';
import { liveConfig } from './live-config.ts';
import type { Settings } from './live-config.ts';
import { currentRelease } from './release.ts';
import type { Release } from './release.ts';
import { startTelemetry } from './telemetry.ts';
import type { Telemetry } from './telemetry.ts';

/** What a service builds its routes from. */
export type ServiceParts = {
  readonly layout: ShopLayout;
  readonly release: Release;
  readonly settings: () => Settings;
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
 * Runs one service of the shop until SIGTERM or until its supervisor is gone (its standard input
 * ends): reads the layout named by the first argument, loads the current release, serves `/healthz`
 * beside the service's own routes, and turns every thrown error into an answer and an error log.
 */
export async function runService(
  name: ServiceName,
  build: (parts: ServiceParts) => Promise<Routes> | Routes,
): Promise<void> {
  const layout = readLayout(process.argv[2] ?? '');
  const release = currentRelease(layout, name);
  const telemetry = startTelemetry({
    name,
    version: release.version,
    otlpUrl: layout.otlpUrl,
    peers: new Map(serviceNames.map((peer) => [layout.ports[peer], peer])),
  });
  const settings = liveConfig(
    configFile(layout, name),
    (changed) => telemetry.info('configuration read again', { ...changed }),
    (error) => telemetry.error('the configuration is unreadable, the last one stays', error),
  );
  const routes = await build({ layout, release, settings, telemetry });
  const health = async (): Promise<JsonAnswer> => ({
    status: 200,
    body: { service: name, version: release.version, status: 'ok' },
  });
  const announce = announcer();
  announce('loaded');
  const server = await serveJson(
    layout.ports[name],
    { ...routes, 'GET /healthz': health },
    (route, error) => explainFailure(telemetry, route, error),
  );
  telemetry.info(`${name} ${release.version} started`);
  announce('ready');
  stopOnRequest(server, telemetry);
}

function explainFailure(telemetry: Telemetry, route: string, error: unknown): JsonAnswer {
  const message = error instanceof Error ? error.message : String(error);
  telemetry.error(`${route} failed: ${message}`, error, { 'http.route': route });
  const status = error instanceof ServiceError ? error.status : 500;
  return { status, body: { error: message } };
}

/**
 * Tells the supervisor over file descriptor 3, if it asked to know, how far the start is: `loaded`
 * when only the port is missing, `ready` when it accepts.
 */
function announcer(): (word: 'loaded' | 'ready') => void {
  if (process.env['SHOP_READY_FD'] !== '3') return () => undefined;
  return (word) => {
    writeSync(3, `${word}\n`);
  };
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
