import { concatBytes, toHex } from '../../../base/bytes.ts';
import type { OtlpSignal } from '../../../ports/export-decoder.ts';
import type { NormalizerFactory } from '../../../ports/normalizer.ts';
import { REJECT_INPUT_CHARS } from '../../../model/timeline-record.ts';
import { createOtlpDecoder } from './otlp-decoder.ts';

/** As for one request body. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

const SIGNALS: readonly OtlpSignal[] = ['logs', 'traces', 'metrics'];

/**
 * The format `otlp-protobuf`: one Export…Request, as a request's body. Protobuf does not say what it
 * holds, so each signal is tried; the one that gives rows without rejects is right.
 */
export const otlpProtobufNormalizer: NormalizerFactory = (context) => {
  const parts: Uint8Array[] = [];
  let length = 0;
  return {
    push(bytes) {
      length += bytes.length;
      if (length <= BODY_BYTES_MAX) parts.push(bytes.slice());
      return { batches: [], rejects: [] };
    },
    end() {
      const body = concatBytes(parts);
      const input = toHex(body.subarray(0, REJECT_INPUT_CHARS / 2));
      if (length > BODY_BYTES_MAX) {
        const reason = `the body has ${length} bytes, limit ${BODY_BYTES_MAX}`;
        return { batches: [], rejects: [{ reason, input }] };
      }
      const tries = SIGNALS.map((signal) => {
        const decoder = createOtlpDecoder(context);
        return decoder.decode(signal, 'protobuf', body, context.observedNs());
      });
      const good = tries
        .flatMap((result) => (result.ok ? [result.value] : []))
        .toSorted((a, b) => plausibility(b) - plausibility(a));
      const [best] = good;
      if (best !== undefined) {
        return { batches: best.batch.rows > 0 ? [best.batch] : [], rejects: best.rejects };
      }
      const failed = tries.find((result) => !result.ok);
      const reason = failed?.ok === false ? failed.error.message : 'no OTLP request';
      return { batches: [], rejects: [{ reason, input }] };
    },
  };
};

/** Bodies of another signal decode to rows without time or text, or to rejects. */
function plausibility(decoded: {
  readonly batch: {
    readonly rows: number;
    readonly timeNs: BigInt64Array;
    readonly kind: Uint8Array;
  };
  readonly rejected: number;
}): number {
  const { rows, timeNs } = decoded.batch;
  if (rows === 0) return decoded.rejected === 0 ? 0 : -1;
  // 2000 to 2100: random bytes read as a time nearly never fall there.
  const sound = timeNs.filter(
    (time) => time > 946_684_800n * 10n ** 9n && time < 4_102_444_800n * 10n ** 9n,
  );
  return (1 + sound.length - decoded.rejected) / rows;
}
