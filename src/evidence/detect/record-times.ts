import { ABSENT_NS, type RecordBatch } from '../../model/record/record-batch.ts';

/** What a clock is ahead of ours, nanoseconds, by clock id; 0 for a clock not related to ours. */
export type ClockOffsets = (clock: string) => bigint;

/** The aligned times of one batch: fast ones for windows, exact ones for what people are told. */
export interface RecordTimes {
  /** Milliseconds since the epoch per row, exact to about 0.3 microseconds, never after now. */
  readonly ms: Float64Array;
  /** Nanoseconds since the epoch of one row, never after now. */
  exactNs(row: number): bigint;
}

const ABSENT_HIGH = -(2 ** 31);
const TWO_32 = 2 ** 32;

/**
 * Aligned time of every row: the origin's time, else ours, minus the offset of its clock. A time
 * after now comes from a clock that is ahead and counts as now, so that one wrong clock cannot
 * push a window into the future.
 */
export function recordTimes(
  batch: RecordBatch,
  nowNs: bigint,
  offsetOf: ClockOffsets,
): RecordTimes {
  const offsets = clockOffsets(batch, offsetOf);
  return {
    ms: alignedMs(batch, Number(nowNs) / 1e6, offsets),
    exactNs: (row) => {
      const time = batch.timeNs[row] ?? ABSENT_NS;
      const raw = time === ABSENT_NS ? (batch.observedNs[row] ?? nowNs) : time;
      const aligned = raw - (offsets?.get(batch.clock[row] ?? 0) ?? 0n);
      return aligned > nowNs ? nowNs : aligned;
    },
  };
}

/** Offsets by dictionary index, undefined when every clock of the batch agrees with ours. */
function clockOffsets(
  batch: RecordBatch,
  offsetOf: ClockOffsets,
): ReadonlyMap<number, bigint> | undefined {
  const offsets = new Map<number, bigint>();
  let isCorrected = false;
  let last = -1;
  for (const clock of batch.clock) {
    if (clock === last) continue;
    last = clock;
    if (offsets.has(clock)) continue;
    const offset = offsetOf(batch.dictionary[clock] ?? '');
    offsets.set(clock, offset);
    if (offset !== 0n) isCorrected = true;
  }
  return isCorrected ? offsets : undefined;
}

function alignedMs(
  batch: RecordBatch,
  nowMs: number,
  offsets: ReadonlyMap<number, bigint> | undefined,
): Float64Array {
  // Reading 64-bit columns as two halves costs a thirtieth of making a bigint of each row.
  const isLittle = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
  const low = isLittle ? 0 : 1;
  const time = halves(batch.timeNs);
  const observed = halves(batch.observedNs);
  const result = new Float64Array(batch.rows);
  for (let row = 0; row < batch.rows; row += 1) {
    const at = 2 * row;
    let high = time[at + 1 - low] ?? 0;
    let rest = time[at + low] ?? 0;
    if (high === ABSENT_HIGH && rest === 0) {
      high = observed[at + 1 - low] ?? 0;
      rest = observed[at + low] ?? 0;
    }
    let ms = (high * TWO_32 + (rest >>> 0)) / 1e6;
    if (offsets !== undefined) ms -= Number(offsets.get(batch.clock[row] ?? 0) ?? 0n) / 1e6;
    result[row] = ms > nowMs ? nowMs : ms;
  }
  return result;
}

/** The durations of a batch's rows in milliseconds, NaN where a row has none. */
export function durationsMs(batch: RecordBatch): Float64Array {
  const isLittle = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
  const low = isLittle ? 0 : 1;
  const duration = halves(batch.durationNs);
  const result = new Float64Array(batch.rows);
  for (let row = 0; row < batch.rows; row += 1) {
    const high = duration[2 * row + 1 - low] ?? 0;
    const rest = duration[2 * row + low] ?? 0;
    const isAbsent = high === ABSENT_HIGH && rest === 0;
    result[row] = isAbsent ? Number.NaN : (high * TWO_32 + (rest >>> 0)) / 1e6;
  }
  return result;
}

function halves(column: BigInt64Array): Int32Array {
  return new Int32Array(column.buffer, column.byteOffset, column.length * 2);
}
