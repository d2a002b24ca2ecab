import { ok, type Result } from '../../../base/result.ts';
import type { EngineKeeper } from './engine/engine-keeper.ts';
import type { StoredUid } from './engine/protocol.ts';
import type { SegmentList } from './segment-list.ts';
import type { ReadUids } from './uid-dedupe.ts';
import type { Readers } from './upkeep/readers.ts';
import type { UidWindow } from './uid-window.ts';

/** Uids fetched at once when the window is rebuilt. */
const PAGE = 20_000;

/**
 * Looks uids up where they are stored. Those of a segment that cannot be read are not stored any
 * more, so their repeats are taken again; any other failure is one of the append.
 */
export function uidReader(segments: SegmentList, engine: EngineKeeper, readers: Readers): ReadUids {
  return (seqs) => readers.during(() => readUids(segments, engine, seqs));
}

async function readUids(
  segments: SegmentList,
  engine: EngineKeeper,
  seqs: readonly number[],
): Promise<Result<readonly StoredUid[]>> {
  const places = new Map<string | undefined, number[]>();
  for (const seq of seqs) {
    const segment = segments.holding(seq)?.id;
    places.set(segment, [...(places.get(segment) ?? []), seq]);
  }
  const found: StoredUid[] = [];
  for (const [segment, wanted] of places) {
    const input = { segment, seqs: wanted, afterSeq: 0, limit: wanted.length };
    const read = await engine.ask('uids', input);
    if (read.ok) found.push(...read.value);
    else if (read.damaged === undefined) return read;
  }
  return ok(found);
}

/** Fills the window from the segments that were sealed within it. */
export async function restoreUids(
  segments: SegmentList,
  engine: EngineKeeper,
  window: UidWindow,
  nowMs: number,
  windowMs: number,
): Promise<void> {
  for (const { id, facts } of segments.all) {
    if (!facts.hasUids || facts.sealedAtMs < nowMs - windowMs) continue;
    let afterSeq = 0;
    for (;;) {
      const read = await engine.ask('uids', { segment: id, afterSeq, limit: PAGE });
      if (!read.ok) break;
      const atMs = Math.min(facts.sealedAtMs, nowMs);
      for (const { sender, uid, seq } of read.value) window.add(sender, uid, seq, atMs);
      afterSeq = read.value.at(-1)?.seq ?? afterSeq;
      if (read.value.length < PAGE) break;
    }
  }
}
