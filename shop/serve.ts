import { writeSync } from 'node:fs';
import type { Server } from 'node:http';
import { serveJson } from './json-server.ts';
import type { JsonAnswer, Routes } from './json-server.ts';
import { ServiceError } from './service-error.ts';
import type { ServiceIdentity } from './signals.ts';

/** With what a service tells how it fares. */
export type ServiceVoice = {
  readonly info: (message: string) => void;
  /** Writes down what made a route fail, and marks the span at hand. */
  readonly error: (message: string, error: unknown, about: { 'http.route': string }) => void;
  /** Sends what is still queued and stops. */
  readonly shutdown: () => Promise<void>;
};

/** Requests in flight get this long to end after SIGTERM; a customer gives up at two seconds. */
const drainMs = 1_000;
/** The last telemetry gets this long; the observer may be the very thing that is down. */
const flushMs = 400;

/**
 * Serves one service until SIGTERM or until its supervisor is gone (its standard input ends):
 * `/healthz` beside its own routes, and every thrown error becomes an answer and a log line.
 */
export async function serve(
  { name, version }: ServiceIdentity,
  port: number,
  routes: Routes,
  voice: ServiceVoice,
): Promise<void> {
  const health = async (): Promise<JsonAnswer> => ({
    status: 200,
    body: { service: name, version, status: 'ok' },
  });
  const announce = announcer();
  announce('loaded');
  const server = await serveJson(port, { ...routes, 'GET /healthz': health }, (route, error) => {
    const message = error instanceof Error ? error.message : String(error);
    voice.error(`${route} failed: ${message}`, error, { 'http.route': route });
    return { status: error instanceof ServiceError ? error.status : 500, body: { error: message } };
  });
  voice.info(`${name} ${version} started`);
  announce('ready');
  stopOnRequest(server, voice);
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

function stopOnRequest(server: Server, voice: ServiceVoice): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    await Promise.race([closed, pause(drainMs)]);
    await Promise.race([voice.shutdown(), pause(flushMs)]);
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.stdin.once('end', () => void stop());
  process.stdin.once('error', () => void stop());
  process.stdin.resume();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
