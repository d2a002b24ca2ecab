import { parseJsonObject } from '../../../base/parse-json.ts';
import type {
  NormalizerContext,
  NormalizerFactory,
  Normalized,
} from '../../../ports/normalizer.ts';
import { LineStream, type StreamLine } from '../line-stream.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { addEntry, NO_ENTRY } from './journal-entry.ts';

/** The record separator that starts each entry of `-o json-seq` (RFC 7464). */
const RECORD_SEPARATOR = /^\u001e/;

/** The format `journal-json`: `journalctl -o json` and `-o json-seq`, one entry a line. */
export const journalJsonNormalizer: NormalizerFactory = (context) => {
  const lines = new LineStream();
  return {
    push: (bytes) => normalize(lines.push(bytes), context),
    end: () => normalize(lines.end(), context),
  };
};

function normalize(lines: readonly StreamLine[], context: NormalizerContext): Normalized {
  const parts = new NormalizedParts();
  const batchContext = { ...context, observedNs: context.observedNs() };
  for (const { text } of lines) {
    const line = text.replace(RECORD_SEPARATOR, '');
    if (line.trim() === '') continue;
    const entry = parseJsonObject(line);
    const isAdded = entry !== undefined && addEntry(entry, false, batchContext, parts.rows);
    if (!isAdded) parts.reject(NO_ENTRY, line);
  }
  return parts.done();
}
