/**
 * The typed memory of a growing batch. The `…Words` members are views of the same memory as 32-bit
 * halves, so that a decoder need not make a bigint for each number it moves.
 */
export interface Columns {
  readonly kind: Uint8Array;
  readonly severity: Uint8Array;
  readonly bodyIsJson: Uint8Array;
  readonly timeNs: BigInt64Array;
  readonly timeWords: Uint32Array;
  readonly observedNs: BigInt64Array;
  readonly durationNs: BigInt64Array;
  readonly durationWords: Uint32Array;
  readonly component: Uint32Array;
  readonly host: Uint32Array;
  readonly service: Uint32Array;
  readonly severityText: Uint32Array;
  readonly eventName: Uint32Array;
  readonly resource: Uint32Array;
  readonly source: Uint32Array;
  readonly clock: Uint32Array;
  readonly traceHigh: BigUint64Array;
  readonly traceHighWords: Uint32Array;
  readonly traceLow: BigUint64Array;
  readonly traceLowWords: Uint32Array;
  readonly span: BigUint64Array;
  readonly spanWords: Uint32Array;
  readonly parentSpan: BigUint64Array;
  readonly parentWords: Uint32Array;
}

/** Columns with room for a number of rows, all zero. */
export function newColumns(capacity: number): Columns {
  const timeNs = new BigInt64Array(capacity);
  const durationNs = new BigInt64Array(capacity);
  const traceHigh = new BigUint64Array(capacity);
  const traceLow = new BigUint64Array(capacity);
  const span = new BigUint64Array(capacity);
  const parentSpan = new BigUint64Array(capacity);
  return {
    kind: new Uint8Array(capacity),
    severity: new Uint8Array(capacity),
    bodyIsJson: new Uint8Array(capacity),
    timeNs,
    timeWords: new Uint32Array(timeNs.buffer),
    observedNs: new BigInt64Array(capacity),
    durationNs,
    durationWords: new Uint32Array(durationNs.buffer),
    component: new Uint32Array(capacity),
    host: new Uint32Array(capacity),
    service: new Uint32Array(capacity),
    severityText: new Uint32Array(capacity),
    eventName: new Uint32Array(capacity),
    resource: new Uint32Array(capacity),
    source: new Uint32Array(capacity),
    clock: new Uint32Array(capacity),
    traceHigh,
    traceHighWords: new Uint32Array(traceHigh.buffer),
    traceLow,
    traceLowWords: new Uint32Array(traceLow.buffer),
    span,
    spanWords: new Uint32Array(span.buffer),
    parentSpan,
    parentWords: new Uint32Array(parentSpan.buffer),
  };
}

/** Larger columns that begin with the content of the old ones. */
export function grownColumns(old: Columns, capacity: number): Columns {
  const grown = newColumns(capacity);
  grown.kind.set(old.kind);
  grown.severity.set(old.severity);
  grown.bodyIsJson.set(old.bodyIsJson);
  grown.timeNs.set(old.timeNs);
  grown.observedNs.set(old.observedNs);
  grown.durationNs.set(old.durationNs);
  grown.component.set(old.component);
  grown.host.set(old.host);
  grown.service.set(old.service);
  grown.severityText.set(old.severityText);
  grown.eventName.set(old.eventName);
  grown.resource.set(old.resource);
  grown.source.set(old.source);
  grown.clock.set(old.clock);
  grown.traceHigh.set(old.traceHigh);
  grown.traceLow.set(old.traceLow);
  grown.span.set(old.span);
  grown.parentSpan.set(old.parentSpan);
  return grown;
}
