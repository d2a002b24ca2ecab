import type { Result } from '../base/result.ts';
import type { TimeNs } from '../base/time.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';
import type { Reject } from '../model/record/timeline-record.ts';

/** The three signals of OTLP; `/v1/<signal>` are their paths. */
export type OtlpSignal = 'logs' | 'traces' | 'metrics';

/** How a body is written. */
export type OtlpEncoding = 'protobuf' | 'json';

/** One export request, decoded. */
export interface DecodedExport {
  readonly batch: RecordBatch;
  /** Records that were not taken; for metrics data points. */
  readonly rejected: number;
  /** The first of them with their input: enough to find the sender's fault. */
  readonly rejects: readonly Reject[];
}

/** Decodes OTLP export requests. Keeps memories of keys and resources, so use one a source. */
export interface ExportDecoder {
  /**
   * Errors: LG_INGEST_BODY_MALFORMED with the place in the body, LG_INGEST_BODY_TOO_LARGE when a
   * small body stands for more records or text than one request may bring.
   */
  decode(
    signal: OtlpSignal,
    encoding: OtlpEncoding,
    body: Uint8Array,
    observedNs: TimeNs,
  ): Result<DecodedExport>;
}
