import type { NormalizerFactory, Normalized } from '../../../ports/normalizer.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { LineStream, type StreamLine } from '../line-stream.ts';
import { createLineNormalizer } from './add-line.ts';

/** The format `text`: any log of lines. Each line that is not empty becomes a record. */
export const textNormalizer: NormalizerFactory = (context) => {
  const stream = new LineStream();
  const addLine = createLineNormalizer(context);
  const normalize = (lines: readonly StreamLine[]): Normalized => {
    const parts = new NormalizedParts();
    const observedNs = context.observedNs();
    for (const { text, isCut } of lines) {
      if (text === '') continue;
      const attributes = isCut ? { 'log.record.truncated': true } : {};
      addLine(text, { observedNs, attributes, resource: {} }, parts.rows);
    }
    return parts.done();
  };
  return {
    push: (bytes) => normalize(stream.push(bytes)),
    end: () => normalize(stream.end()),
  };
};
