import { utf8 } from '../../../base/bytes.ts';
import type { OtlpSignal } from '../../../ports/export-decoder.ts';
import type { Normalized, NormalizerFactory } from '../../../ports/normalizer.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { JsonDocuments } from '../json-documents.ts';
import { createOtlpDecoder } from './otlp-decoder.ts';

/** The member of a request that tells its signal. */
const SIGNAL_OF_MEMBER: readonly (readonly [RegExp, OtlpSignal])[] = [
  [/"resource_?[lL]ogs"/, 'logs'],
  [/"resource_?[sS]pans"/, 'traces'],
  [/"resource_?[mM]etrics"/, 'metrics'],
];

/** The signal is told by a member at the very start of a request. */
const HEAD_CHARS = 200;

/**
 * The format `otlp-json`: Export…Request objects one after the other, one a line as the
 * Collector's file exporter writes them, or printed over many lines.
 */
export const otlpJsonNormalizer: NormalizerFactory = (context) => {
  const documents = new JsonDocuments();
  const decoder = createOtlpDecoder(context);
  const normalize = (texts: readonly string[]): Normalized => {
    const parts = new NormalizedParts();
    for (const text of texts) {
      const signals = signalsOf(text);
      if (signals.length === 0) {
        parts.reject('it has none of resourceLogs, resourceSpans, resourceMetrics', text);
      }
      for (const signal of signals) {
        const decoded = decoder.decode(signal, 'json', utf8(text), context.observedNs());
        if (!decoded.ok) {
          parts.reject(decoded.error.message, text);
          continue;
        }
        parts.batch(decoded.value.batch);
        for (const { reason, input } of decoded.value.rejects) parts.reject(reason, input);
      }
    }
    return parts.done();
  };
  return {
    push: (bytes) => normalize(documents.push(bytes)),
    end: () => normalize(documents.end()),
  };
};

function signalsOf(text: string): readonly OtlpSignal[] {
  const find = (part: string): readonly OtlpSignal[] =>
    SIGNAL_OF_MEMBER.filter(([member]) => member.test(part)).map(([, signal]) => signal);
  const early = find(text.slice(0, HEAD_CHARS));
  return early.length > 0 ? early : find(text);
}
