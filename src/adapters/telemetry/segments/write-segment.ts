import { toBase64 } from '../../../base/bytes.ts';
import type { Disk } from '../../../base/disk.ts';
import type { SegmentFacts, SegmentSide } from './catalogue/catalogue-entry.ts';
import type { Produced } from './engine/protocol.ts';
import { freeMemory } from './free-memory.ts';
import { segmentFileName } from './segment-list.ts';

/** What the catalogue keeps of a new segment that the engine does not know. */
export type SegmentPlace = Pick<
  SegmentFacts,
  'id' | 'firstLsn' | 'endLsn' | 'plainBytes' | 'sealedAtMs'
>;

/** The catalogue's entry of a new segment. */
export function factsOf(produced: Produced, key: Uint8Array, place: SegmentPlace): SegmentFacts {
  const { envelope, sha256, rows, components, groups, hasUids } = produced;
  return {
    ...place,
    bytes: envelope.length,
    sha256,
    key: toBase64(key),
    rows,
    minMoment: String(produced.minMoment),
    maxMoment: String(produced.maxMoment),
    minObserved: String(produced.minObserved),
    maxObserved: String(produced.maxObserved),
    components,
    groups,
    hasUids,
  };
}

/** What the catalogue keeps beside the entry. */
export function sideOf({ traceFilter, textFilter, density }: Produced): SegmentSide {
  const filters = { traceFilter, textFilter };
  return density === undefined ? filters : { ...filters, density };
}

/**
 * Writes a segment's file so that it is whole and durable under its name, or not there. The
 * envelope's memory is given back.
 */
export async function writeSegment(
  { disk, folder }: { readonly disk: Disk; readonly folder: string },
  id: string,
  envelope: Uint8Array,
): Promise<void> {
  const name = `${folder}/${segmentFileName(id)}`;
  const draft = `${name}.draft`;
  await disk.remove(draft);
  const file = await disk.open(draft, 'create');
  try {
    await file.write(envelope, 0);
    await file.sync();
  } catch (error) {
    // A full disk needs the room at once; what cannot be removed now goes at the next start.
    await file.close();
    await disk.remove(draft).catch(() => undefined);
    throw error;
  }
  await file.close();
  await disk.rename(draft, name);
  await disk.syncFolder(folder);
  freeMemory([envelope]);
}
