import { concatBytes } from '../../../base/bytes.ts';
import type { Normalizer, NormalizerContext } from '../../../ports/normalizer.ts';
import { NormalizedParts } from '../normalized-parts.ts';
import { createNetlinkDecoder } from './netlink-decoder.ts';

/** Cut in pieces of this size, so that a file of any size is done in bounded memory. */
const PIECE_BYTES = 64 * 1024;

/**
 * `normalize --format rtmon`: what `rtmon file …` wrote, of one network namespace. Nothing in it
 * names the host, so the records have no component.
 */
export function rtmonNormalizer(context: NormalizerContext): Normalizer {
  const { source, resolve, observedNs } = context;
  const decoder = createNetlinkDecoder({ source, resolve, resource: {} });
  let rest: Uint8Array = new Uint8Array();
  const take = (bytes: Uint8Array, parts: NormalizedParts): void => {
    const { rejects } = decoder.push(bytes, observedNs(), parts.rows);
    for (const { reason, input } of rejects) parts.reject(reason, input);
  };
  return {
    push(bytes) {
      const parts = new NormalizedParts();
      // Rejects follow the rows of their piece: pieces of one size make the order always the same.
      const input = concatBytes([rest, bytes]);
      let at = 0;
      for (; input.length - at >= PIECE_BYTES; at += PIECE_BYTES) {
        take(input.slice(at, at + PIECE_BYTES), parts);
      }
      rest = input.slice(at);
      return parts.done();
    },
    end() {
      const parts = new NormalizedParts();
      take(rest, parts);
      for (const { reason, input } of decoder.end()) parts.reject(reason, input);
      rest = new Uint8Array();
      return parts.done();
    },
  };
}
