import { destination, pino } from 'pino';
import type { Log } from '../base/log.ts';

/** How much the product says of itself. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * The product's log as JSON lines on stderr, so that stdout stays the user's. Written
 * synchronously: the last line before a crash is the one that matters.
 */
export function processLog(part: string, level: LogLevel): Log {
  const logger = pino(
    { level, base: { part }, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ fd: 2, sync: true }),
  );
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
  };
}
