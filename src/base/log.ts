/** Named facts of a log line; values are scalars so that no record, secret or object slips in. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** How much the product says of itself, the most first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** One of `LOG_LEVELS`: what is less grave is not said. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * The product's own log. `event` is a stable name `<Noun><PastVerb>[Error]` (SegmentSealed,
 * SourceReadError), never a sentence with values in it: the values are fields.
 */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** A log that says nothing, for tests and for pure functions run offline. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
