import { timeNs, toRfc3339 } from '../../../base/time.ts';
import type { SourceWatermark } from '../../../model/checkpoint/checkpoint.ts';
import { ABSENT_NS, type RecordBatch } from '../../../model/record/record-batch.ts';
import type { BatchOrigin } from '../../../ports/telemetry-store.ts';
import type { SealedState } from './catalogue/catalogue-entry.ts';

/** What sources tell when they know that something is missing, see `docs/glossary.md`. */
const GAP_EVENT = 'telemetry.source.gap';

/** What each source has reached: its newest position, and up to when its evidence is complete. */
export class SourceProgress {
  readonly #positions = new Map<string, string>();
  readonly #watermarks = new Map<string, bigint>();
  readonly #gaps = new Map<string, bigint>();

  position(source: string): string | undefined {
    return this.#positions.get(source);
  }

  watermarks(): readonly SourceWatermark[] {
    const sources = new Set([...this.#positions.keys(), ...this.#watermarks.keys()]);
    return [...sources].toSorted().map((source) => {
      const time = this.#watermarks.get(source);
      const gapAt = this.#gaps.get(source);
      return {
        source,
        ...(time === undefined ? {} : { time: toRfc3339(timeNs(time)) }),
        ...(gapAt === undefined ? {} : { gapAt: toRfc3339(timeNs(gapAt)) }),
      };
    });
  }

  /** A batch of this origin was stored, after all that were noted before. */
  note({ source, position }: BatchOrigin, batch: RecordBatch): void {
    if (position !== undefined) this.#positions.set(source, position);
    const gapAt = lastGap(batch);
    if (gapAt !== undefined) this.#gaps.set(source, gapAt);
    const complete = completeUpTo(batch);
    if (complete === undefined) return;
    const known = this.#watermarks.get(source);
    if (known === undefined || complete > known) this.#watermarks.set(source, complete);
  }

  /** As it is kept in the catalogue when the log is sealed up to `endLsn`. */
  capture(endLsn: number): SealedState {
    return {
      endLsn,
      positions: Object.fromEntries(this.#positions),
      watermarks: texts(this.#watermarks),
      gaps: texts(this.#gaps),
    };
  }

  restore({ positions, watermarks, gaps = {} }: SealedState): void {
    for (const [source, position] of Object.entries(positions)) {
      this.#positions.set(source, position);
    }
    for (const [source, time] of Object.entries(watermarks)) {
      this.#watermarks.set(source, BigInt(time));
    }
    for (const [source, time] of Object.entries(gaps)) this.#gaps.set(source, BigInt(time));
  }
}

function texts(times: ReadonlyMap<string, bigint>): Readonly<Record<string, string>> {
  return Object.fromEntries([...times].map(([source, time]) => [source, String(time)]));
}

/** When a batch tells that records were lost for good; undefined when it does not. */
function lastGap(batch: RecordBatch): bigint | undefined {
  const event = batch.dictionary.indexOf(GAP_EVENT);
  if (event < 0) return undefined;
  const row = batch.eventName.lastIndexOf(event);
  return row < 0 ? undefined : batch.observedNs[row];
}

const HIGH = 2 ** 32;
const SIGN = 2 ** 31;

/**
 * The newest instant of a batch: of each record the earlier of its own time and of when it was
 * observed, so that a clock that runs ahead does not promise evidence from the future. Undefined
 * for a batch without rows. Compared in parts of 32 bits; a bigint per row would cost more.
 */
function completeUpTo(batch: RecordBatch): bigint | undefined {
  if (batch.rows === 0) return undefined;
  const time = words(batch.timeNs);
  const observed = words(batch.observedNs);
  let newestRow = 0;
  let newest = -Infinity;
  let fromTime = false;
  for (let row = 0, at = 0; row < batch.rows; row += 1, at += 2) {
    const own = approximate(time[at + 1], time[at]);
    const seen = approximate(observed[at + 1], observed[at]);
    const absent = time[at] === 0 && time[at + 1] === SIGN;
    const useTime = !absent && own <= seen;
    const value = useTime ? own : seen;
    if (value <= newest) continue;
    [newest, newestRow, fromTime] = [value, row, useTime];
  }
  const chosen = (fromTime ? batch.timeNs : batch.observedNs)[newestRow];
  return chosen === ABSENT_NS ? undefined : chosen;
}

/** A signed 64-bit value to 53 bits: 256 ns at today's dates, far below what clocks know. */
function approximate(high = 0, low = 0): number {
  return (high >= SIGN ? high - HIGH : high) * HIGH + low;
}

function words(column: BigInt64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2);
}
