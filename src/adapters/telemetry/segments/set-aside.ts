import type { Disk } from '../../../base/disk.ts';
import { messageOf } from '../../../base/error.ts';
import type { Log } from '../../../base/log.ts';
import type { StoreStatus } from '../../../model/evidence/store-status.ts';
import type { EngineKeeper } from './engine/engine-keeper.ts';
import type { KeptFiles } from './kept-files.ts';
import { segmentFileName, type SegmentList } from './segment-list.ts';

/** What setting segments aside needs. */
export interface SetAsideParts {
  readonly disk: Disk;
  readonly say: Log;
  readonly segmentFolder: string;
  readonly quarantineFolder: string;
  readonly segments: SegmentList;
  readonly engine: EngineKeeper;
  readonly keptFiles: KeptFiles;
}

/** The segments that were found damaged; the others stay usable. */
export class SetAside {
  readonly #parts: SetAsideParts;
  readonly #list: StoreStatus['quarantined'][number][];

  /** `found`: when the store was opened. */
  constructor(parts: SetAsideParts, found: StoreStatus['quarantined']) {
    this.#parts = parts;
    this.#list = [...found];
  }

  get list(): StoreStatus['quarantined'] {
    return [...this.#list];
  }

  /** Takes a segment out of use and its file away. */
  async add(segment: string, why: string): Promise<void> {
    const { disk, say, segments, segmentFolder, quarantineFolder, engine, keptFiles } = this.#parts;
    segments.remove(segment);
    this.#list.push({ segment, why });
    void engine.ask('forget', { id: segment });
    say.error('SegmentQuarantined', { segment, why });
    const name = segmentFileName(segment);
    if (keptFiles.areKept) return;
    try {
      await disk.makeFolder(quarantineFolder);
      await disk.rename(`${segmentFolder}/${name}`, `${quarantineFolder}/${name}`);
    } catch (error) {
      // Where it lies matters less than that nobody relies on it.
      say.warn('SegmentQuarantinedError', { segment, why: messageOf(error) });
    }
  }
}
