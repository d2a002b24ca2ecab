import type { Disk } from '../../../base/disk.ts';
import { systemCode } from '../../../base/error.ts';
import type { Log } from '../../../base/log.ts';
import type { StoreStatus } from '../../../model/evidence/store-status.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { SealedState, SegmentFacts } from './catalogue/catalogue-entry.ts';
import { segmentFileName, segmentOfFile, type SegmentList } from './segment-list.ts';
import type { SourceProgress } from './source-progress.ts';

/** Where segments lie and what is to be filled. */
export interface SegmentPlaces {
  readonly disk: Disk;
  readonly segmentFolder: string;
  readonly quarantineFolder: string;
  readonly catalogue: Catalogue;
  readonly segments: SegmentList;
  readonly progress: SourceProgress;
}

/** What the catalogue says and how far it can be believed. */
export interface RecoveredSegments {
  /** Everything before it is in segments. */
  readonly sealedLsn: number;
  readonly quarantined: StoreStatus['quarantined'];
  /** Whether entries are lost, so that ids may have been given that nobody remembers. */
  readonly damaged: boolean;
}

/**
 * Reads the catalogue and makes the folder agree with it: segments without their file are reported,
 * files without an entry are leftovers of a seal or of retention that broke off and are removed.
 */
export async function recoverSegments(places: SegmentPlaces, say: Log): Promise<RecoveredSegments> {
  const { catalogue, segments, progress } = places;
  const live = new Map<string, SegmentFacts>();
  let state: SealedState | undefined;
  const broken = catalogue.replay((entry) => {
    if (entry.kind === 'expired') live.delete(entry.segment);
    if (entry.kind === 'replaced-by') for (const id of entry.segments) live.delete(id);
    if (entry.kind === 'sealed' || entry.kind === 'replaced-by') {
      live.set(entry.segment.id, entry.segment);
    }
    if ('state' in entry) state = entry.state;
  });
  if (state !== undefined) progress.restore(state);
  const quarantined = broken.map(({ number, why }) => ({
    segment: `catalogue entry ${number}`,
    why,
  }));
  for (const facts of [...live.values()].toSorted((a, b) => a.firstLsn - b.firstLsn)) {
    const why = await faultOf(places, facts);
    if (why === undefined) segments.add(facts);
    else quarantined.push({ segment: facts.id, why });
  }
  await removeLeftovers(places, live, broken.length > 0, say);
  // The first LSN is 1: 0 stands for "before everything".
  return { sealedLsn: state?.endLsn ?? 1, quarantined, damaged: broken.length > 0 };
}

/** Cheap checks only; the content is authenticated frame by frame when it is read. */
async function faultOf(
  { disk, segmentFolder, quarantineFolder }: SegmentPlaces,
  { id, bytes }: SegmentFacts,
): Promise<string | undefined> {
  const name = segmentFileName(id);
  try {
    const file = await disk.open(`${segmentFolder}/${name}`, 'read');
    const size = await file.size();
    await file.close();
    return size === bytes ? undefined : `its file has ${size} bytes, sealed were ${bytes}`;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    const isSetAside = (await setAside(disk, quarantineFolder)).includes(name);
    return isSetAside
      ? `it was found damaged earlier and lies in ${quarantineFolder}/${name}`
      : 'its file is missing';
  }
}

async function setAside(disk: Disk, folder: string): Promise<readonly string[]> {
  try {
    return await disk.list(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** With entries lost, a file without an entry may be the last copy: it is set aside instead. */
async function removeLeftovers(
  { disk, segmentFolder, quarantineFolder }: SegmentPlaces,
  live: ReadonlyMap<string, SegmentFacts>,
  keep: boolean,
  say: Log,
): Promise<void> {
  for (const name of await disk.list(segmentFolder)) {
    const id = segmentOfFile(name);
    if (id !== undefined && live.has(id)) continue;
    say.info('SegmentLeftoverRemoved', { name });
    if (id !== undefined && keep) {
      await disk.makeFolder(quarantineFolder);
      await disk.rename(`${segmentFolder}/${name}`, `${quarantineFolder}/${name}`);
    } else {
      await disk.remove(`${segmentFolder}/${name}`);
    }
  }
}
