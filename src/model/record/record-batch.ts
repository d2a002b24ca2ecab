import type { InternedRow } from './interned-row.ts';
import { grownColumns, newColumns, type Columns } from './record-columns.ts';
import type { RecordKind } from './timeline-record.ts';
import { RECORD_KINDS } from './timeline-record.ts';

/** Marks an absent time or duration in a batch: no clock reaches it. */
export const ABSENT_NS = -(2n ** 63n);

/**
 * Records as columns: what normalizers build, the log stores and the store loads, without an object
 * per record. Repeating texts are indexes into `dictionary`, whose entry 0 is the empty text and
 * means "absent"; equal texts may not stand in it twice. Every column has `rows` entries.
 */
export interface RecordBatch {
  readonly rows: number;
  readonly dictionary: readonly string[];
  /** Index into `RECORD_KINDS`. */
  readonly kind: Uint8Array;
  /** OTel severity number 0..24. */
  readonly severity: Uint8Array;
  /** Nanoseconds since the epoch, or `ABSENT_NS`. */
  readonly timeNs: BigInt64Array;
  readonly observedNs: BigInt64Array;
  /** Nanoseconds, or `ABSENT_NS` for what has no duration. */
  readonly durationNs: BigInt64Array;
  readonly component: Uint32Array;
  readonly host: Uint32Array;
  readonly service: Uint32Array;
  readonly severityText: Uint32Array;
  readonly eventName: Uint32Array;
  /** Canonical JSON of the resource attributes. */
  readonly resource: Uint32Array;
  /** The id of the source that brought the record. */
  readonly source: Uint32Array;
  /** The clock that stamped `timeNs`, for the alignment overlay. */
  readonly clock: Uint32Array;
  /** Trace and span ids as unsigned halves, 0 for absent (the W3C invalid id). */
  readonly traceHigh: BigUint64Array;
  readonly traceLow: BigUint64Array;
  readonly span: BigUint64Array;
  readonly parentSpan: BigUint64Array;
  /** The body: plain text, or JSON where `bodyIsJson` is 1. '' with `bodyIsJson` 0 means absent. */
  readonly body: readonly string[];
  readonly bodyIsJson: Uint8Array;
  /** Canonical JSON object of the remaining attributes, '' for none. */
  readonly attributes: readonly string[];
  /** Position within the source (`dev:inode:…:offset`, a cursor), '' for none. */
  readonly position: readonly string[];
  /** `log.record.uid`, '' for none. It stays an attribute too. */
  readonly uid: readonly string[];
}

/** One record as it is handed to the builder; absent members are left out. */
export interface BatchRow {
  readonly kind: RecordKind;
  readonly timeNs?: bigint | undefined;
  readonly observedNs: bigint;
  readonly durationNs?: bigint | undefined;
  readonly severity?: number | undefined;
  readonly component?: string | undefined;
  readonly host?: string | undefined;
  readonly service?: string | undefined;
  readonly severityText?: string | undefined;
  readonly eventName?: string | undefined;
  /** Canonical JSON. */
  readonly resource?: string | undefined;
  readonly source: string;
  readonly clock?: string | undefined;
  readonly traceHigh?: bigint | undefined;
  readonly traceLow?: bigint | undefined;
  readonly span?: bigint | undefined;
  readonly parentSpan?: bigint | undefined;
  readonly body?: string | undefined;
  readonly bodyIsJson?: boolean | undefined;
  readonly attributes?: string | undefined;
  readonly position?: string | undefined;
  readonly uid?: string | undefined;
}

/** Rows a builder has room for at first: a small request fits without growing. */
const CAPACITY_FIRST = 256;

/** The number each kind is stored as. */
export const KIND_INDEX: Readonly<Record<RecordKind, number>> = {
  log: RECORD_KINDS.indexOf('log'),
  span: RECORD_KINDS.indexOf('span'),
  event: RECORD_KINDS.indexOf('event'),
  metric: RECORD_KINDS.indexOf('metric'),
  alert: RECORD_KINDS.indexOf('alert'),
  packet: RECORD_KINDS.indexOf('packet'),
};

/** Where the low half of a 64-bit number lies in its memory: 0 on little-endian machines. */
const LOW_WORD = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
const HIGH_WORD = 1 - LOW_WORD;

/**
 * Grows a batch row by row. Columns double when full; `intern` may be called ahead to reuse the
 * index of a text for many rows.
 */
export class RecordBatchBuilder {
  #rows = 0;
  #capacity: number;
  #dictionary: string[] = [''];
  #indexes = new Map<string, number>([['', 0]]);
  #columns: Columns;
  #body: string[] = [];
  #attributes: string[] = [];
  #position: string[] = [];
  #uid: string[] = [];

  constructor(rowsExpected = CAPACITY_FIRST) {
    this.#capacity = Math.max(1, rowsExpected);
    this.#columns = newColumns(this.#capacity);
  }

  get rows(): number {
    return this.#rows;
  }

  /** The dictionary index of a text; 0 for the empty text and for undefined. */
  intern(text: string | undefined): number {
    if (text === undefined) return 0;
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    const index = this.#dictionary.length;
    this.#dictionary.push(text);
    this.#indexes.set(text, index);
    return index;
  }

  add(row: BatchRow): void {
    const at = this.#take();
    const columns = this.#columns;
    columns.kind[at] = KIND_INDEX[row.kind];
    columns.severity[at] = row.severity ?? 0;
    columns.bodyIsJson[at] = row.bodyIsJson === true ? 1 : 0;
    columns.timeNs[at] = row.timeNs ?? ABSENT_NS;
    columns.observedNs[at] = row.observedNs;
    columns.durationNs[at] = row.durationNs ?? ABSENT_NS;
    columns.traceHigh[at] = row.traceHigh ?? 0n;
    columns.traceLow[at] = row.traceLow ?? 0n;
    columns.span[at] = row.span ?? 0n;
    columns.parentSpan[at] = row.parentSpan ?? 0n;
    columns.component[at] = this.intern(row.component);
    columns.host[at] = this.intern(row.host);
    columns.service[at] = this.intern(row.service);
    columns.severityText[at] = this.intern(row.severityText);
    columns.eventName[at] = this.intern(row.eventName);
    columns.resource[at] = this.intern(row.resource);
    columns.source[at] = this.intern(row.source);
    columns.clock[at] = this.intern(row.clock);
    this.#addTexts(row.body ?? '', row.attributes ?? '', row.position ?? '', row.uid ?? '');
  }

  /** Adds a row whose texts are indexes of this builder; `observedNs` belongs to the batch. */
  addInterned(row: InternedRow, observedNs: bigint): void {
    const at = this.#take();
    const columns = this.#columns;
    columns.kind[at] = row.kind;
    columns.severity[at] = row.severity;
    columns.bodyIsJson[at] = row.bodyIsJson;
    columns.observedNs[at] = observedNs;
    columns.component[at] = row.component;
    columns.host[at] = row.host;
    columns.service[at] = row.service;
    columns.severityText[at] = row.severityText;
    columns.eventName[at] = row.eventName;
    columns.resource[at] = row.resource;
    columns.source[at] = row.source;
    columns.clock[at] = row.clock;
    const low = at * 2 + LOW_WORD;
    const high = at * 2 + HIGH_WORD;
    columns.timeWords[low] = row.timeLow;
    columns.timeWords[high] = row.timeHigh;
    columns.durationWords[low] = row.durationLow;
    columns.durationWords[high] = row.durationHigh;
    columns.traceHighWords[low] = row.trace1;
    columns.traceHighWords[high] = row.trace0;
    columns.traceLowWords[low] = row.trace3;
    columns.traceLowWords[high] = row.trace2;
    columns.spanWords[low] = row.spanLow;
    columns.spanWords[high] = row.spanHigh;
    columns.parentWords[low] = row.parentLow;
    columns.parentWords[high] = row.parentHigh;
    this.#addTexts(row.body, row.attributes, row.position, row.uid);
  }

  #take(): number {
    if (this.#rows === this.#capacity) {
      this.#capacity *= 2;
      this.#columns = grownColumns(this.#columns, this.#capacity);
    }
    this.#rows += 1;
    return this.#rows - 1;
  }

  #addTexts(body: string, attributes: string, position: string, uid: string): void {
    this.#body.push(body);
    this.#attributes.push(attributes);
    this.#position.push(position);
    this.#uid.push(uid);
  }

  /** The batch so far; the builder must not be used afterwards. */
  build(): RecordBatch {
    const rows = this.#rows;
    const columns = this.#columns;
    return {
      rows,
      dictionary: this.#dictionary,
      kind: columns.kind.subarray(0, rows),
      severity: columns.severity.subarray(0, rows),
      bodyIsJson: columns.bodyIsJson.subarray(0, rows),
      timeNs: columns.timeNs.subarray(0, rows),
      observedNs: columns.observedNs.subarray(0, rows),
      durationNs: columns.durationNs.subarray(0, rows),
      component: columns.component.subarray(0, rows),
      host: columns.host.subarray(0, rows),
      service: columns.service.subarray(0, rows),
      severityText: columns.severityText.subarray(0, rows),
      eventName: columns.eventName.subarray(0, rows),
      resource: columns.resource.subarray(0, rows),
      source: columns.source.subarray(0, rows),
      clock: columns.clock.subarray(0, rows),
      traceHigh: columns.traceHigh.subarray(0, rows),
      traceLow: columns.traceLow.subarray(0, rows),
      span: columns.span.subarray(0, rows),
      parentSpan: columns.parentSpan.subarray(0, rows),
      body: this.#body,
      attributes: this.#attributes,
      position: this.#position,
      uid: this.#uid,
    };
  }
}
