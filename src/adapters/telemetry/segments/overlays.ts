import {
  alignMoment,
  boundOfStamp,
  NO_OVERLAY,
  rawStart,
  shiftRange,
  type ClockOverlay,
} from '../../../model/evidence/clock-overlay.ts';
import { timeNs, toRfc3339 } from '../../../base/time.ts';
import type { TimelineFilter } from '../../../model/record/timeline-query.ts';
import type { TimelineRecord } from '../../../model/record/timeline-record.ts';
import type { FoundRecord } from './engine/protocol.ts';

/** Versions come every ten seconds at most: whoever turns pages has five minutes for each. */
const VERSIONS_MAX = 32;

/** The versions of the overlay by which pages may still be read. */
export class Overlays {
  #kept: readonly OverlayView[] = [viewOf(NO_OVERLAY)];

  get current(): OverlayView {
    return this.#kept.at(-1) ?? viewOf(NO_OVERLAY);
  }

  /** The version of an earlier page; undefined when it is kept no more. */
  of(version: number): OverlayView | undefined {
    return this.#kept.find(({ overlay }) => overlay.version === version);
  }

  set(overlay: ClockOverlay): void {
    if (overlay.version === this.current.overlay.version) return;
    this.#kept = [...this.#kept, viewOf(overlay)].slice(-VERSIONS_MAX);
  }
}

/** A version with what queries need of it. */
export interface OverlayView {
  readonly overlay: ClockOverlay;
  /** The clocks that are corrected alone; undefined when none is, as on most machines. */
  readonly corrected: ClockOverlay | undefined;
  /** A filter by raw time that leaves out nothing that the given one finds by aligned time. */
  widened(filter: TimelineFilter): TimelineFilter;
  /** Whether a record between these raw times may be moved. */
  moves(minMoment: bigint, maxMoment: bigint): boolean;
  /** The record as this version shows it. */
  print(found: FoundRecord): TimelineRecord;
}

function viewOf(overlay: ClockOverlay): OverlayView {
  const correcting = [...overlay.clocks].filter(([, pieces]) => pieces.some((p) => p.corrects));
  const corrected = { version: overlay.version, clocks: new Map(correcting) };
  const { least, most } = shiftRange(corrected);
  return {
    overlay,
    corrected: correcting.length === 0 ? undefined : corrected,
    widened: (filter) => ({
      ...filter,
      ...(filter.from === undefined ? {} : { from: timeNs(filter.from + least) }),
      ...(filter.to === undefined ? {} : { to: timeNs(filter.to + most) }),
    }),
    moves: (minMoment, maxMoment) =>
      correcting.some(([, pieces]) =>
        pieces.some((piece, at) => {
          const next = pieces[at + 1];
          if (!piece.corrects || rawStart(piece) > maxMoment) return false;
          return next === undefined || rawStart(next) >= minMoment;
        }),
      ),
    print: (found) => alignRecord(found, overlay),
  };
}

function alignRecord(
  { record, raw, observed }: FoundRecord,
  overlay: ClockOverlay,
): TimelineRecord {
  const { id } = record.clock;
  const { alignedNs, piece } = alignMoment(overlay.clocks.get(id), raw, observed);
  // Older than all that is known of its clock: at most it is kept from coming after that.
  if (piece === undefined && alignedNs === raw) return record;
  const boundNs = boundOfStamp(piece, raw);
  return {
    ...record,
    alignedTime: toRfc3339(timeNs(alignedNs)),
    clock: {
      id,
      offsetNs: Number(raw - alignedNs),
      ...(boundNs === undefined ? {} : { boundNs: Number(boundNs) }),
      method: piece?.method ?? 'none',
    },
  };
}
