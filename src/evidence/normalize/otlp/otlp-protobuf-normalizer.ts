import { concatBytes, toHex } from '../../../base/bytes.ts';
import type { OtlpSignal } from '../../../ports/export-decoder.ts';
import type {
  Normalized,
  NormalizerContext,
  NormalizerFactory,
} from '../../../ports/normalizer.ts';
import { REJECT_INPUT_CHARS } from '../../../model/record/timeline-record.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { createOtlpDecoder } from './otlp-decoder.ts';

/** As for one request body. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

const SIGNALS: readonly OtlpSignal[] = ['logs', 'traces', 'metrics'];

/**
 * The format `otlp-protobuf`: one Export…Request, as a request's body. Protobuf does not say what
 * it holds, so each signal is tried; the one that gives rows without rejects is right.
 */
export const otlpProtobufNormalizer: NormalizerFactory = (context) => {
  const parts: Uint8Array[] = [];
  let length = 0;
  return {
    push(bytes) {
      length += bytes.length;
      if (length <= BODY_BYTES_MAX) parts.push(bytes.slice());
      return [];
    },
    end() {
      if (length <= BODY_BYTES_MAX) return normalize(concatBytes(parts), context);
      const rejected = new NormalizedParts();
      rejected.reject(`the body has ${length} bytes, limit ${BODY_BYTES_MAX}`, '');
      return rejected.done();
    },
  };
};

function normalize(body: Uint8Array, context: NormalizerContext): Normalized {
  const parts = new NormalizedParts();
  const decoder = createOtlpDecoder(context);
  const tries = SIGNALS.map((signal) =>
    decoder.decode(signal, 'protobuf', body, context.observedNs()),
  );
  const [best] = tries
    .flatMap((result) => (result.ok ? [result.value] : []))
    .toSorted((a, b) => plausibility(b) - plausibility(a));
  if (best !== undefined) {
    parts.batch(best.batch);
    for (const { reason, input } of best.rejects) parts.reject(reason, input);
  } else {
    const failed = tries.find((result) => !result.ok);
    const reason = failed?.ok === false ? failed.error.message : 'no OTLP request';
    parts.reject(reason, toHex(body.subarray(0, REJECT_INPUT_CHARS / 2)));
  }
  return parts.done();
}

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
