import type { JsonObject, Json } from '../../base/canonical-json.ts';

/** What a record is. An *event* is a record with an `eventName` (OTel). */
export const RECORD_KINDS = ['log', 'span', 'event', 'metric', 'alert', 'packet'] as const;

/** One of `RECORD_KINDS`. */
export type RecordKind = (typeof RECORD_KINDS)[number];

/** How a record's clock relates to ours, and how sure we are. */
export interface RecordClock {
  readonly id: string;
  /** What is subtracted from the raw time, nanoseconds. */
  readonly offsetNs: number;
  /** The true time lies within +- this many nanoseconds, where known. */
  readonly boundNs?: number;
  /** `none` while the clock has not been related to ours. */
  readonly method: string;
}

/**
 * One normalized thing that happened, as printed everywhere: command line, API, files. Absent
 * fields are omitted, except `time`, which is null when the origin stamped none. Times are RFC 3339
 * with nine decimals. Raw `time` is never altered.
 */
export interface TimelineRecord {
  readonly id: string;
  readonly kind: RecordKind;
  readonly time: string | null;
  readonly observedTime: string;
  readonly alignedTime: string;
  readonly clock: RecordClock;
  /** The component of our inventory: service.name, else host, device or pod. */
  readonly component?: string;
  readonly host?: string;
  readonly service?: string;
  /** OTel severity number, 0 (unspecified) to 24. */
  readonly severity: number;
  readonly severityText?: string;
  readonly eventName?: string;
  readonly body?: Json;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly durationNs?: number;
  readonly resource: JsonObject;
  readonly attributes: JsonObject;
  readonly source: { readonly id: string; readonly position?: string };
}

/** An input that could not be normalized: kept, counted, with its reason. */
export interface Reject {
  readonly reason: string;
  /** The input as text, cut to `REJECT_INPUT_CHARS`. */
  readonly input: string;
}

/** Enough of a rejected input to recognize it; whole giant inputs would fill the disk twice. */
export const REJECT_INPUT_CHARS = 4096;
