import { ok, type Result } from '../../../base/result.ts';
import type { RecordBatch } from '../../../model/record/record-batch.ts';
import type { Packed, PackedBatch } from './batch-layout.ts';
import { textsOf, unpackBatch } from './batch-unpack.ts';

/** The batch of encoded bytes, or the reason why they are none; see `unpackBatch`. */
export function decodeBatch(bytes: Uint8Array): Result<RecordBatch, string> {
  const packed = unpackBatch(bytes);
  return packed.ok ? ok(expand(packed.value)) : packed;
}

function expand(packed: PackedBatch): RecordBatch {
  const { rows, dictionary, wide, indexes, bytes, texts } = packed;
  return {
    rows,
    dictionary,
    kind: bytesOf(bytes.kind, rows),
    severity: bytesOf(bytes.severity, rows),
    timeNs: signedOf(wide.timeNs, rows),
    observedNs: signedOf(wide.observedNs, rows),
    durationNs: signedOf(wide.durationNs, rows),
    component: indexesOf(indexes.component, rows),
    host: indexesOf(indexes.host, rows),
    service: indexesOf(indexes.service, rows),
    severityText: indexesOf(indexes.severityText, rows),
    eventName: indexesOf(indexes.eventName, rows),
    resource: indexesOf(indexes.resource, rows),
    source: indexesOf(indexes.source, rows),
    clock: indexesOf(indexes.clock, rows),
    traceHigh: unsignedOf(wide.traceHigh, rows),
    traceLow: unsignedOf(wide.traceLow, rows),
    span: unsignedOf(wide.span, rows),
    parentSpan: unsignedOf(wide.parentSpan, rows),
    body: textsOf(texts.body, rows),
    bodyIsJson: bytesOf(bytes.bodyIsJson, rows),
    attributes: textsOf(texts.attributes, rows),
    position: textsOf(texts.position, rows),
    uid: textsOf(texts.uid, rows),
  };
}

function bytesOf({ constant, values }: Packed<Uint8Array>, rows: number): Uint8Array {
  return constant ? new Uint8Array(rows).fill(values[0] ?? 0) : values;
}

function indexesOf({ constant, values }: Packed<Uint32Array>, rows: number): Uint32Array {
  return constant ? new Uint32Array(rows).fill(values[0] ?? 0) : values;
}

function signedOf({ constant, values }: Packed<Uint8Array>, rows: number): BigInt64Array {
  const wide = new BigInt64Array(values.buffer, values.byteOffset, values.length / 8);
  return constant ? new BigInt64Array(rows).fill(wide[0] ?? 0n) : wide;
}

function unsignedOf({ constant, values }: Packed<Uint8Array>, rows: number): BigUint64Array {
  const wide = new BigUint64Array(values.buffer, values.byteOffset, values.length / 8);
  return constant ? new BigUint64Array(rows).fill(wide[0] ?? 0n) : wide;
}
