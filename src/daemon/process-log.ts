import { destination, pino } from 'pino';
import { LOG_LEVELS, type Log, type LogLevel } from '../base/log.ts';
import { lgError } from '../model/errors/lg-error.ts';

/** The log level of a word. LG_RUNTIME_USAGE for another one. */
export function requireLevel(word: string): LogLevel {
  const level = LOG_LEVELS.find((one) => one === word);
  if (level !== undefined) return level;
  throw lgError('LG_RUNTIME_USAGE', `--log-level is "${word}"; use ${LOG_LEVELS.join(', ')}`);
}

/** What waits while stderr takes nothing, in bytes; beyond, lines are lost. */
const WAITING_MAX = 1024 * 1024;

/**
 * The product's log as JSON lines on stderr, so that stdout stays the user's. Written
 * synchronously: the last line before a crash is the one that matters. A file on a full disk that
 * takes no more lines ends nobody: what there is to be said there is done all the same.
 */
export function processLog(part: string, level: LogLevel): Log {
  const stderr = destination({ fd: 2, sync: true, maxLength: WAITING_MAX });
  stderr.on('error', () => undefined);
  const base = { level, base: { part }, timestamp: pino.stdTimeFunctions.isoTime };
  const logger = pino(base, stderr);
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
  };
}
