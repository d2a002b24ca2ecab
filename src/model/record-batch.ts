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

/**
 * Grows a batch row by row. Columns double when full; `intern` may be called ahead to reuse the
 * index of a text for many rows.
 */
export class RecordBatchBuilder {
  #rows = 0;
  #capacity = CAPACITY_FIRST;
  #dictionary: string[] = [''];
  #indexes = new Map<string, number>([['', 0]]);
  #bytes8 = [0, 1, 2].map(() => new Uint8Array(CAPACITY_FIRST));
  #times = [0, 1, 2].map(() => new BigInt64Array(CAPACITY_FIRST));
  #texts = [0, 1, 2, 3, 4, 5, 6, 7].map(() => new Uint32Array(CAPACITY_FIRST));
  #ids = [0, 1, 2, 3].map(() => new BigUint64Array(CAPACITY_FIRST));
  #body: string[] = [];
  #attributes: string[] = [];
  #position: string[] = [];
  #uid: string[] = [];

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
    if (this.#rows === this.#capacity) this.#grow();
    const at = this.#rows;
    this.#rows += 1;
    const [kind, severity, json] = this.#bytes8;
    const [time, observed, duration] = this.#times;
    const [high, low, span, parent] = this.#ids;
    if (kind !== undefined) kind[at] = KIND_INDEX[row.kind];
    if (severity !== undefined) severity[at] = row.severity ?? 0;
    if (json !== undefined) json[at] = row.bodyIsJson === true ? 1 : 0;
    if (time !== undefined) time[at] = row.timeNs ?? ABSENT_NS;
    if (observed !== undefined) observed[at] = row.observedNs;
    if (duration !== undefined) duration[at] = row.durationNs ?? ABSENT_NS;
    if (high !== undefined) high[at] = row.traceHigh ?? 0n;
    if (low !== undefined) low[at] = row.traceLow ?? 0n;
    if (span !== undefined) span[at] = row.span ?? 0n;
    if (parent !== undefined) parent[at] = row.parentSpan ?? 0n;
    this.#addTexts(at, row);
  }

  #addTexts(at: number, row: BatchRow): void {
    const values = [
      row.component,
      row.host,
      row.service,
      row.severityText,
      row.eventName,
      row.resource,
      row.source,
      row.clock,
    ];
    for (let column = 0; column < this.#texts.length; column += 1) {
      const texts = this.#texts[column];
      if (texts !== undefined) texts[at] = this.intern(values[column]);
    }
    this.#body.push(row.body ?? '');
    this.#attributes.push(row.attributes ?? '');
    this.#position.push(row.position ?? '');
    this.#uid.push(row.uid ?? '');
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#bytes8 = this.#bytes8.map((old) => grown(old, new Uint8Array(this.#capacity)));
    this.#times = this.#times.map((old) => grown(old, new BigInt64Array(this.#capacity)));
    this.#texts = this.#texts.map((old) => grown(old, new Uint32Array(this.#capacity)));
    this.#ids = this.#ids.map((old) => grown(old, new BigUint64Array(this.#capacity)));
  }

  /** The batch so far; the builder must not be used afterwards. */
  build(): RecordBatch {
    const rows = this.#rows;
    const bytes = (i: number): Uint8Array =>
      (this.#bytes8[i] ?? new Uint8Array()).subarray(0, rows);
    const time = (i: number): BigInt64Array =>
      (this.#times[i] ?? new BigInt64Array()).subarray(0, rows);
    const text = (i: number): Uint32Array =>
      (this.#texts[i] ?? new Uint32Array()).subarray(0, rows);
    const id = (i: number): BigUint64Array =>
      (this.#ids[i] ?? new BigUint64Array()).subarray(0, rows);
    return {
      rows,
      dictionary: this.#dictionary,
      kind: bytes(0),
      severity: bytes(1),
      bodyIsJson: bytes(2),
      timeNs: time(0),
      observedNs: time(1),
      durationNs: time(2),
      component: text(0),
      host: text(1),
      service: text(2),
      severityText: text(3),
      eventName: text(4),
      resource: text(5),
      source: text(6),
      clock: text(7),
      traceHigh: id(0),
      traceLow: id(1),
      span: id(2),
      parentSpan: id(3),
      body: this.#body,
      attributes: this.#attributes,
      position: this.#position,
      uid: this.#uid,
    };
  }
}

function grown<Column extends { set(from: ArrayLike<never>): void }>(
  old: ArrayLike<unknown>,
  larger: Column,
): Column {
  larger.set(old as ArrayLike<never>);
  return larger;
}
