import { newDataKey } from '../../../base/aead.ts';
import type { Disk } from '../../../base/disk.ts';
import type { Log } from '../../../base/log.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import type { Keyring } from '../../../ports/keyring.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { SealedState } from './catalogue/catalogue-entry.ts';
import type { EngineKeeper } from './engine/engine-keeper.ts';
import type { KeptFiles } from './kept-files.ts';
import type { WriteAheadLog } from './log/write-ahead-log.ts';
import { refOf, segmentId, type SegmentList } from './segment-list.ts';
import { segmentHeader } from './segment/envelope-format.ts';
import { writeError } from './store-error.ts';
import { factsOf, sideOf, writeSegment } from './write-segment.ts';

/** A hot table that was closed and is to become a segment. */
export interface Cut {
  readonly generation: number;
  readonly firstLsn: number;
  readonly rows: number;
  /** As they were logged. */
  readonly bytes: number;
  readonly state: SealedState;
  /** When it was closed, milliseconds since the epoch. */
  readonly atMs: number;
}

/** What sealing needs. */
export interface SealerParts {
  readonly disk: Disk;
  readonly keyring: Keyring;
  readonly folder: string;
  readonly catalogue: Catalogue;
  readonly segments: SegmentList;
  readonly log: WriteAheadLog;
  readonly say: Log;
  readonly engine: EngineKeeper;
  readonly keptFiles: KeptFiles;
  /** See `SegmentStoreOptions.whyFull`. */
  readonly whyFull: () => string | undefined;
}

/**
 * Turns a closed hot table into a segment. The order makes every crash harmless: segment fsync,
 * rename, folder fsync, catalogue commit, log trim. Before the commit the log still has the rows,
 * and the file is an orphan that the next start removes; after it the log's rows are passed over.
 */
export async function sealCut(
  parts: SealerParts,
  cut: Cut,
  published: () => void,
): Promise<Result<void>> {
  const { keyring, catalogue, segments, engine, log } = parts;
  const full = parts.whyFull();
  if (full !== undefined) return err(lgError('LG_STORE_DISK_FULL', full));
  try {
    // The next append begins a new file, so that this one can be trimmed in the end.
    await log.rotate();
  } catch (error) {
    return err(writeError('closing a log file', error));
  }
  const key = newDataKey();
  const header = segmentHeader(await keyring.wrap(key));
  const { generation } = cut;
  const produced = await engine.askDirectly('produce', { generation, header, key });
  if (!produced.ok) return produced;
  // Rows that the engine does not have must not be trimmed from the log.
  const rows = produced.value?.rows ?? 0;
  if (rows !== cut.rows) {
    const detail = `the engine has ${rows} of ${cut.rows} rows to seal`;
    return err(lgError('LG_STORE_ENGINE_FAILED', detail));
  }
  try {
    if (produced.value === undefined) {
      catalogue.append({ kind: 'advanced', state: cut.state });
      void engine.askDirectly('publish', { generation });
    } else {
      const { firstLsn, bytes: plainBytes, atMs: sealedAtMs } = cut;
      const { endLsn } = cut.state;
      const place = { id: segmentId(firstLsn, 0), firstLsn, endLsn, plainBytes, sealedAtMs };
      const facts = factsOf(produced.value, key, place);
      const side = sideOf(produced.value);
      await writeSegment(parts, facts.id, produced.value.envelope);
      catalogue.append({ kind: 'sealed', segment: facts, state: cut.state }, side);
      const segment = refOf(segments.add(facts));
      published();
      void engine.askDirectly('publish', { generation, segment });
      const { id, bytes } = facts;
      parts.say.info('SegmentSealed', { segment: id, rows, bytes });
    }
  } catch (error) {
    return err(writeError(`sealing a segment in ${parts.folder}`, error));
  }
  return await trimLog(parts, cut.state.endLsn);
}

/** A log that cannot be trimmed now is trimmed after the next seal: nothing is lost by it. */
async function trimLog({ log, say, keptFiles }: SealerParts, lsn: number): Promise<Result<void>> {
  if (keptFiles.areKept) return ok(undefined);
  try {
    await log.trim(lsn);
  } catch (error) {
    say.warn('LogTrimmedError', { why: writeError('trimming the log', error).detail });
  }
  return ok(undefined);
}
