import { newDataKey } from '../../../../base/aead.ts';
import type { Disk } from '../../../../base/disk.ts';
import type { Log } from '../../../../base/log.ts';
import { err, ok, type Result } from '../../../../base/result.ts';
import { lgError } from '../../../../model/errors/lg-error.ts';
import type { Keyring } from '../../../../ports/keyring.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { SegmentFacts } from '../catalogue/catalogue-entry.ts';
import type { EngineKeeper } from '../engine/engine-keeper.ts';
import type { RowGroup } from '../engine/protocol.ts';
import {
  refOf,
  rewritesOf,
  segmentFileName,
  segmentId,
  type LiveSegment,
  type SegmentList,
} from '../segment-list.ts';
import { segmentHeader } from '../segment/envelope-format.ts';
import { writeError } from '../store-error.ts';
import { factsOf, sideOf, writeSegment } from '../write-segment.ts';
import { plainBytesOf } from './choose-merge.ts';
import type { Readers } from './readers.ts';

/** What replacing segments needs. */
export interface ReplaceParts {
  readonly disk: Disk;
  readonly keyring: Keyring;
  readonly folder: string;
  readonly catalogue: Catalogue;
  readonly segments: SegmentList;
  readonly engine: EngineKeeper;
  readonly readers: Readers;
  readonly say: Log;
}

/** Failures name the segment that must be set aside, if there is one. */
export type Replaced = Result<void> & { readonly damaged?: string | undefined };

/**
 * Writes neighbors anew as one segment, without the groups to drop. As for sealing every crash is
 * harmless: file fsync, rename, folder fsync, catalogue commit, then the old files go. Before the
 * commit the new file is an orphan, after it the old ones are, and the next start removes orphans.
 */
export async function replaceSegments(
  parts: ReplaceParts,
  inputs: readonly LiveSegment[],
  drop: readonly RowGroup[],
): Promise<Replaced> {
  const { keyring, catalogue, segments, engine, readers, say } = parts;
  const ids = inputs.map(({ id }) => id);
  const key = newDataKey();
  const header = segmentHeader(await keyring.wrap(key));
  const merged = await readers.during(() =>
    engine.ask('merge', { segments: ids, drop, header, key }),
  );
  if (!merged.ok) return merged;
  // A query may have found one damaged meanwhile, and what is not whole replaces nothing.
  if (ids.some((id) => segments.get(id) === undefined)) return ok(undefined);
  const rows = merged.value?.rows ?? 0;
  const expected = rowsWithout(inputs, drop);
  if (rows !== expected) {
    const detail = `the engine has ${rows} of ${expected} rows of ${ids.join(', ')}`;
    return err(lgError('LG_STORE_ENGINE_FAILED', detail));
  }
  try {
    if (merged.value === undefined) return ok(await giveUp(parts, ids, 'age'));
    const facts = factsOf(merged.value, key, placeOf(inputs, rows));
    const side = sideOf(merged.value);
    await writeSegment(parts, facts.id, merged.value.envelope);
    catalogue.append({ kind: 'replaced-by', segments: ids, segment: facts }, side);
    segments.retire(ids, facts);
    const segment = segments.get(facts.id);
    if (segment !== undefined) void engine.ask('register', refOf(segment));
    say.info('SegmentsReplaced', { segments: ids.length, by: facts.id, rows, bytes: facts.bytes });
    await removeFiles(parts, ids);
  } catch (error) {
    return err(writeError(`replacing segments in ${parts.folder}`, error));
  }
  return ok(undefined);
}

/** Gives segments up: the catalogue says so first, then the files go. Throws system errors. */
export async function giveUp(
  parts: ReplaceParts,
  ids: readonly string[],
  why: string,
): Promise<void> {
  const gone: string[] = [];
  try {
    for (const segment of ids) {
      parts.catalogue.append({ kind: 'expired', segment, why });
      parts.segments.retire([segment]);
      gone.push(segment);
    }
  } finally {
    if (gone.length > 0) await removeFiles(parts, gone);
  }
}

/** Removes the files of retired segments, behind the queries that still read them. */
async function removeFiles(
  { disk, folder, segments, engine, readers }: ReplaceParts,
  ids: readonly string[],
): Promise<void> {
  await readers.drained();
  segments.forget(ids);
  for (const id of ids) void engine.ask('forget', { id });
  for (const id of ids) await disk.remove(`${folder}/${segmentFileName(id)}`);
  await disk.syncFolder(folder);
}

/** Where the rows of neighbors lie in the log, and what is known of them all. */
function placeOf(
  inputs: readonly LiveSegment[],
  rows: number,
): Pick<SegmentFacts, 'id' | 'firstLsn' | 'endLsn' | 'plainBytes' | 'sealedAtMs'> {
  const facts = inputs.map((input) => input.facts);
  const firstLsn = Math.min(...facts.map((each) => each.firstLsn));
  const rewrites = Math.max(...inputs.map(({ id }) => rewritesOf(id))) + 1;
  const before = facts.reduce((sum, each) => sum + each.rows, 0);
  const plainBytes = inputs.reduce((sum, input) => sum + plainBytesOf(input), 0);
  return {
    id: segmentId(firstLsn, rewrites),
    firstLsn,
    endLsn: Math.max(...facts.map((each) => each.endLsn)),
    plainBytes: Math.round((plainBytes * rows) / Math.max(1, before)),
    sealedAtMs: Math.max(...facts.map((each) => each.sealedAtMs)),
  };
}

/** The rows that are left of segments without these groups. */
function rowsWithout(inputs: readonly LiveSegment[], drop: readonly RowGroup[]): number {
  const dropped = new Set(drop.map(({ kind, component }) => `${kind} ${component}`));
  let left = 0;
  for (const { facts } of inputs) {
    const { groups = [], components } = facts;
    left += facts.rows;
    for (let at = 0; at < groups.length; at += 3) {
      const component = components[groups[at] ?? 0] ?? '';
      if (dropped.has(`${groups[at + 1]} ${component}`)) left -= groups[at + 2] ?? 0;
    }
  }
  return left;
}
