import { ClockWatch } from '../../evidence/align/clock-watch.ts';
import type { ClockOffset } from '../../model/evidence/clock-offset.ts';
import { alignMoment, NO_OVERLAY, type ClockOverlay } from '../../model/evidence/clock-overlay.ts';
import { ABSENT_NS, KIND_INDEX, type RecordBatch } from '../../model/record/record-batch.ts';

/** How often the clocks are looked at, in time of the records; the daemon does it as often. */
const LOOK_EVERY_NS = 10_000_000_000n;

/** Beyond so many looks they become rarer: one record of a wrong year must not cost a year. */
const LOOKS_MAX = 10_000n;

/**
 * How the clocks of files stand to each other, as far as calls between them tell. Nobody saw these
 * records arrive and there is no clock of ours: the one in the middle of those that calls relate is
 * taken as right, so that as little as possible is corrected, and bounds are those to that one.
 */
export function overlayOfFiles(batches: readonly RecordBatch[]): ClockOverlay {
  const calls = batches
    .filter(hasCalls)
    .map((batch) => ({ batch: seenAtOnce(batch), at: batch.timeNs[0] ?? ABSENT_NS }))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const [first, last] = [calls.find(({ at }) => at !== ABSENT_NS), calls.at(-1)];
  if (first === undefined || last === undefined) return NO_OVERLAY;
  const rare = (last.at - first.at) / LOOKS_MAX;
  const stepNs = rare > LOOK_EVERY_NS ? rare : LOOK_EVERY_NS;
  const follow = (right: string): ClockWatch => {
    const watch = new ClockWatch(right === '' ? [] : [right], NO_OVERLAY, false);
    let lookAt = first.at + stepNs;
    for (const { batch, at } of calls) {
      for (; lookAt < at; lookAt += stepNs) watch.look(lookAt);
      watch.observe(batch);
    }
    for (const end = lastEnd(last.batch) + stepNs; lookAt <= end; lookAt += stepNs) {
      watch.look(lookAt);
    }
    return watch;
  };
  const right = middleClock(follow('').list());
  return right === undefined ? NO_OVERLAY : follow(right).overlay;
}

/** Of the largest group of related clocks the one with as many ahead of it as behind. */
function middleClock(clocks: readonly ClockOffset[]): string | undefined {
  const groups = new Map<string, ClockOffset[]>();
  for (const one of clocks) {
    const anchor = one.via[0] ?? '';
    groups.set(anchor, [...(groups.get(anchor) ?? []), one]);
  }
  const [largest] = [...groups.values()].toSorted((a, b) => b.length - a.length);
  const sorted = largest?.toSorted((a, b) => a.offsetNs - b.offsetNs);
  return sorted?.[(sorted.length - 1) >> 1]?.clock;
}

/** Whether a batch may say how clocks stand to each other. */
export function hasCalls({ kind }: RecordBatch): boolean {
  return kind.includes(KIND_INDEX.span);
}

/** When a row happened, corrected; when its file was written where it does not say. */
export function alignedNs(batch: RecordBatch, row: number, { clocks }: ClockOverlay): bigint {
  const time = batch.timeNs[row] ?? ABSENT_NS;
  const observed = batch.observedNs[row] ?? 0n;
  if (time === ABSENT_NS) return observed;
  const clock = batch.dictionary[batch.clock[row] ?? 0] ?? '';
  return alignMoment(clocks.get(clock), time, observed).alignedNs;
}

/** From when to when the rows happened; undefined of none. */
export function timesOf(
  batches: readonly RecordBatch[],
  overlay: ClockOverlay,
): { readonly first: bigint; readonly last: bigint } | undefined {
  let range: { first: bigint; last: bigint } | undefined;
  for (const batch of batches) {
    for (let row = 0; row < batch.rows; row += 1) {
      const at = alignedNs(batch, row, overlay);
      range ??= { first: at, last: at };
      if (at < range.first) range.first = at;
      if (at > range.last) range.last = at;
    }
  }
  return range;
}

/** The batch as if each record had arrived when it ended. */
function seenAtOnce(batch: RecordBatch): RecordBatch {
  return { ...batch, observedNs: batch.timeNs.map((_, row) => endOf(batch, row)) };
}

function endOf({ timeNs, durationNs, observedNs }: RecordBatch, row: number): bigint {
  const time = timeNs[row] ?? ABSENT_NS;
  if (time === ABSENT_NS) return observedNs[row] ?? 0n;
  const duration = durationNs[row] ?? ABSENT_NS;
  return duration === ABSENT_NS ? time : BigInt.asIntN(64, time + duration);
}

function lastEnd(batch: RecordBatch): bigint {
  let last = ABSENT_NS;
  for (let row = 0; row < batch.rows; row += 1) {
    const end = endOf(batch, row);
    if (end > last) last = end;
  }
  return last;
}
