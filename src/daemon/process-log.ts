import { destination, pino } from 'pino';
import { LOG_LEVELS, type Log, type LogLevel } from '../base/log.ts';
import { lgError } from '../model/errors/lg-error.ts';

/** The log level of a word. LG_RUNTIME_USAGE for another one. */
export function requireLevel(word: string): LogLevel {
  const level = LOG_LEVELS.find((one) => one === word);
  if (level !== undefined) return level;
  throw lgError('LG_RUNTIME_USAGE', `--log-level is "${word}"; use ${LOG_LEVELS.join(', ')}`);
}

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
