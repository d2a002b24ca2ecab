import { messageOf } from '../../../base/error.ts';
import { err, ok } from '../../../base/result.ts';
import type { TimeNs } from '../../../base/time.ts';
import type { ResolveEntity } from '../../../model/component/entity.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { RecordBatchBuilder } from '../../../model/record/record-batch.ts';
import type {
  DecodedExport,
  ExportDecoder,
  OtlpEncoding,
  OtlpSignal,
} from '../../../ports/export-decoder.ts';
import { AttributeWriter } from './attribute-writer.ts';
import { BodyTooLarge, MalformedBody } from './decode-failure.ts';
import { decodeLogRecord } from './decode-logs.ts';
import { decodeMetric } from './decode-metrics.ts';
import { decodeSpan } from './decode-spans.ts';
import { newDecoding, type DecoderMemory, type Decoding } from './decoding.ts';
import { encodeJson } from './encode-json.ts';
import { KeyTable } from './key-table.ts';
import { otlpKeyEntries } from './otlp-keys.ts';
import type { MessageName } from './otlp-schema.ts';
import { ResourceTable } from './resource-table.ts';
import { walkExport, type DecodeRecord } from './walk-export.ts';
import { wireInput } from './wire.ts';

/**
 * Attribute text one body may unfold to. Scope and metric names are said once and stand in each
 * row: without a bound a body of a megabyte could fill the machine.
 */
const ATTRIBUTE_BYTES_MAX = 128 * 1024 * 1024;

const DECODE_RECORD: Readonly<Record<OtlpSignal, DecodeRecord>> = {
  logs: decodeLogRecord,
  traces: decodeSpan,
  metrics: decodeMetric,
};

const REQUEST_MESSAGE: Readonly<Record<OtlpSignal, MessageName>> = {
  logs: 'LogsRequest',
  traces: 'TracesRequest',
  metrics: 'MetricsRequest',
};

/** Rows a body of this many bytes will hold, roughly: columns then grow once at most. */
const BYTES_PER_ROW = 256;

/** Makes a decoder whose records carry the name of `source`. */
export function createOtlpDecoder(options: {
  readonly source: string;
  readonly resolve: ResolveEntity;
}): ExportDecoder {
  const keys = new KeyTable();
  const memory: DecoderMemory = {
    keys,
    names: otlpKeyEntries(keys),
    writer: new AttributeWriter(),
    resources: new ResourceTable(options.resolve),
  };
  const decode = (signal: OtlpSignal, body: Uint8Array, observedNs: TimeNs): DecodedExport => {
    const rowsExpected = Math.min(4096, Math.ceil(body.length / BYTES_PER_ROW));
    const builder = new RecordBatchBuilder(rowsExpected);
    const input = wireInput(body);
    const decoding = newDecoding(input, memory, builder, options.source, observedNs);
    memory.writer.allow(ATTRIBUTE_BYTES_MAX);
    runGuarded(decoding, signal, body.length);
    return { batch: builder.build(), rejected: decoding.rejected, rejects: decoding.rejects };
  };
  return {
    decode(signal, encoding, body, observedNs) {
      try {
        const bytes = encoding === 'protobuf' ? body : encodeJson(REQUEST_MESSAGE[signal], body);
        return ok(decode(signal, bytes, observedNs));
      } catch (error) {
        return err(decodeError(error, signal, encoding, body.length));
      }
    },
  };
}

/** The reader of the package throws plain errors; they get their offset here. */
function runGuarded(decoding: Decoding, signal: OtlpSignal, end: number): void {
  try {
    walkExport(decoding, end, DECODE_RECORD[signal]);
  } catch (error) {
    if (error instanceof MalformedBody || error instanceof BodyTooLarge) throw error;
    // These are never the sender's fault but ours.
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    throw new MalformedBody(messageOf(error), Math.min(decoding.input.reader.pos, end));
  }
}

function decodeError(error: unknown, signal: OtlpSignal, encoding: OtlpEncoding, length: number) {
  const what = `an OTLP ${signal} body of ${length} bytes (${encoding})`;
  if (error instanceof BodyTooLarge) {
    return lgError('LG_INGEST_BODY_TOO_LARGE', `${what}: ${error.message}`, error);
  }
  if (error instanceof MalformedBody) {
    const detail = `${what}, at ${error.where}: ${error.message}`;
    return lgError('LG_INGEST_BODY_MALFORMED', detail, error);
  }
  throw error;
}
