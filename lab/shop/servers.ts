import type * as RedisClient from '@redis/client';
import type * as Pg from 'pg';
import type { LabLayout } from './layout.ts';
import { loadHooked } from './load-hooked.ts';
import type { Telemetry } from './telemetry.ts';

/** A query beyond this has met a lock; its customer gives up at two seconds. */
const statementTimeoutMs = 1_500;
/** A server on the same host answers at once or is down. */
const connectTimeoutMs = 1_000;
/** Four services of this many connections each stay far below PostgreSQL's hundred. */
const connectionsMax = 8;
const reconnectMs = 250;

/** Connections to the shop's PostgreSQL, made when they are needed. */
export function openDatabase(
  { postgresql }: LabLayout,
  name: string,
  log: Telemetry['log'],
): Pg.Pool {
  const { Pool } = loadHooked<typeof Pg>('pg');
  const pool = new Pool({
    ...postgresql,
    application_name: name,
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
  });
  // A connection that ends while nobody uses it is replaced; without this the process would die.
  pool.on('error', (error) => log.warn({ err: error }, 'a connection to PostgreSQL ended'));
  return pool;
}

/** A client of the shop's Redis that reconnects by itself; while it is down, commands fail. */
export async function openCache({ redisUrl }: LabLayout, log: Telemetry['log']) {
  const { createClient } = loadHooked<typeof RedisClient>('@redis/client');
  const client: RedisClient.RedisClientType = createClient({
    url: redisUrl,
    disableOfflineQueue: true,
    commandOptions: { timeout: connectTimeoutMs },
    socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: () => reconnectMs },
  });
  client.on('error', (error: unknown) => log.warn({ err: error }, 'Redis is away'));
  // It goes on trying by itself: a shop whose cache is late must still start.
  void client.connect().catch(() => undefined);
  return client;
}
