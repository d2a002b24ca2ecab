import { parseRfc3339 } from '../../base/time.ts';
import { WHOLE_SECOND_NS } from '../evidence/clock-overlay.ts';
import { pairOf, type ClockPair } from '../evidence/clock-pair.ts';
import type { TimelineRecord } from './timeline-record.ts';

/** The answers to which of two things happened first. */
export const RECORD_ORDERS = ['before', 'after', 'cannot tell'] as const;

/** Which of two things happened first, as far as their clocks can tell. */
export type RecordOrder = (typeof RECORD_ORDERS)[number];

/** When something happened, and by which clock. */
export type StampedMoment = Pick<TimelineRecord, 'time' | 'alignedTime' | 'clock'>;

/**
 * Whether `one` happened before `other`. Stamps of one clock are in its order, unless
 * one of them has no fraction of a second: that may hide up to a second. Those of two clocks
 * tell an order only when they are farther apart than both may be wrong to ours, or, where `pairs`
 * has them, than they may be off each other; a clock that nothing bounds tells none.
 */
export function recordOrder(
  one: StampedMoment,
  other: StampedMoment,
  pairs: readonly ClockPair[] = [],
): RecordOrder {
  const first = parseRfc3339(one.alignedTime);
  const second = parseRfc3339(other.alignedTime);
  if (first === undefined || second === undefined) return 'cannot tell';
  const doubtNs = doubtBetween(one, other, pairs);
  if (doubtNs === undefined) return 'cannot tell';
  const apart = Number(second - first);
  if (Math.abs(apart) <= doubtNs) return 'cannot tell';
  return apart > 0 ? 'before' : 'after';
}

function isWhole({ time }: StampedMoment): boolean {
  return time !== null && !/\.\d*[1-9]/.test(time);
}

/** How far the distance of two moments may be wrong, nanoseconds; undefined where nobody knows. */
export function doubtBetween(
  one: StampedMoment,
  other: StampedMoment,
  pairs: readonly ClockPair[],
): number | undefined {
  const isSame = one.clock.id !== '' && one.clock.id === other.clock.id;
  if (isSame) return isWhole(one) === isWhole(other) ? 0 : Number(WHOLE_SECOND_NS);
  const pair = pairOf(pairs, one.clock.id, other.clock.id);
  const whole = [one, other].filter(isWhole).length * Number(WHOLE_SECOND_NS);
  const direct = pair === undefined ? Number.POSITIVE_INFINITY : pair.boundNs + whole;
  const overOurs =
    (one.clock.boundNs ?? Number.POSITIVE_INFINITY) +
    (other.clock.boundNs ?? Number.POSITIVE_INFINITY);
  const doubt = Math.min(direct, overOurs);
  return Number.isFinite(doubt) ? doubt : undefined;
}
