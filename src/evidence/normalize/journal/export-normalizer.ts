import type {
  NormalizerContext,
  NormalizerFactory,
  Normalized,
} from '../../../ports/normalizer.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { ExportParser, type ExportPiece } from './export-parser.ts';
import { addEntry, NO_ENTRY } from './journal-entry.ts';

/** The format `journal-export`: `journalctl -o export`, and what systemd's journal tools send. */
export const journalExportNormalizer: NormalizerFactory = (context) => {
  const parser = new ExportParser();
  return {
    push: (bytes) => normalize(parser.push(bytes), context),
    end: () => normalize(parser.end(), context),
  };
};

function normalize(pieces: readonly ExportPiece[], context: NormalizerContext): Normalized {
  const parts = new NormalizedParts();
  const batchContext = { ...context, observedNs: context.observedNs() };
  for (const piece of pieces) {
    if (piece.kind === 'broken') parts.reject(piece.reason, piece.input);
    else if (!addEntry(piece.fields, piece.isCut, batchContext, parts.rows)) {
      parts.reject(NO_ENTRY, JSON.stringify(piece.fields));
    }
  }
  return parts.done();
}
