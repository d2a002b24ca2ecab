import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { TimelineFilter, TimelineQuery } from '../../../model/record/timeline-query.ts';
import { readCursor, type CursorPlace } from './cursor.ts';
import { floorTo } from './density-plan.ts';
import type { FindRequest } from './engine/protocol.ts';

/** Records of one page; more would hold the engine and the memory of both sides too long. */
const LIMIT_MAX = 10_000;

/** Names in one filter, and characters of a text: a person types neither. */
const NAMES_MAX = 1000;
const TEXT_CHARS_MAX = 1000;

/** Buckets of one density answer; a screen has fewer columns. */
export const BUCKETS_MAX = 10_000;

const I64 = 2n ** 63n;

/** A valid query. */
export interface CheckedQuery extends Omit<FindRequest, 'segments' | 'overlay' | 'after'> {
  readonly after?: CursorPlace;
}

/** What the engine needs of a valid query, or LG_STORE_QUERY_INVALID with the member at fault. */
export function checkQuery(query: TimelineQuery): Result<CheckedQuery> {
  const { limit, order, cursor, ...filter } = query;
  const wrong = filterFault(filter);
  if (wrong !== undefined) return invalid(wrong);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    return invalid(`limit ${limit} is not between 1 and ${LIMIT_MAX}`);
  }
  if (cursor === undefined) return ok({ filter, limit, order });
  const after = readCursor(order, cursor);
  if (after === undefined) return invalid(`cursor is not one of an earlier ${order} page`);
  return ok({ filter, limit, order, after });
}

/** Checks a filter and a width; answers the width in nanoseconds. */
export function checkedBucket(filter: TimelineFilter, bucketMs: number): Result<bigint> {
  const checked = checkFilter(filter);
  if (!checked.ok) return checked;
  if (!Number.isInteger(bucketMs) || bucketMs < 1) return invalid(`bucket ${bucketMs} ms`);
  const bucketNs = BigInt(bucketMs) * 1_000_000n;
  if (filter.from !== undefined && filter.to !== undefined) {
    const buckets = (filter.to - floorTo(filter.from, bucketNs)) / bucketNs;
    if (buckets > BigInt(BUCKETS_MAX)) return invalid(`${buckets} buckets, at most ${BUCKETS_MAX}`);
  }
  return ok(bucketNs);
}

/** The filter itself when it is valid. */
export function checkFilter(filter: TimelineFilter): Result<TimelineFilter> {
  const wrong = filterFault(filter);
  return wrong === undefined ? ok(filter) : invalid(wrong);
}

/** The error of a query that cannot be answered as asked. */
export function invalid(detail: string): Result<never> {
  return err(lgError('LG_STORE_QUERY_INVALID', detail));
}

function filterFault(filter: TimelineFilter): string | undefined {
  const { from, to, traceId, text, minSeverity } = filter;
  for (const [name, time] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (time !== undefined && (time < -I64 || time >= I64)) return `${name} is out of range`;
  }
  for (const [name, names] of [
    ['components', filter.components],
    ['hosts', filter.hosts],
    ['services', filter.services],
    ['sources', filter.sources],
    ['eventNames', filter.eventNames],
  ] as const) {
    if (names !== undefined && names.length > NAMES_MAX) return `${name} has over ${NAMES_MAX}`;
  }
  if (minSeverity !== undefined && !(Number.isInteger(minSeverity) && minSeverity <= 24)) {
    return `minSeverity ${minSeverity} is no OTel severity number`;
  }
  if (traceId !== undefined && !/^[0-9a-fA-F]{32}$/.test(traceId)) {
    return 'traceId is not 32 hexadecimal digits';
  }
  if (text !== undefined && (text.length > TEXT_CHARS_MAX || text.includes('\0'))) {
    return `text has over ${TEXT_CHARS_MAX} characters or a NUL`;
  }
  return undefined;
}
