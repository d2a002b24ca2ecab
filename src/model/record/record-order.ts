import { parseRfc3339 } from '../../base/time.ts';
import type { TimelineRecord } from './timeline-record.ts';

/** Which of two things happened first, as far as their clocks can tell. */
export type RecordOrder = 'before' | 'after' | 'cannot tell';

/** When something happened, and by which clock. */
export type StampedMoment = Pick<TimelineRecord, 'alignedTime' | 'clock'>;

/**
 * Whether `one` happened before `other`. Stamps of one clock are in its order. Those of two clocks
 * tell an order only when they are farther apart than both may be wrong; a clock that nothing
 * bounds tells none.
 */
export function recordOrder(one: StampedMoment, other: StampedMoment): RecordOrder {
  const first = parseRfc3339(one.alignedTime);
  const second = parseRfc3339(other.alignedTime);
  if (first === undefined || second === undefined) return 'cannot tell';
  const doubtNs = doubtBetween(one, other);
  if (doubtNs === undefined) return 'cannot tell';
  const apart = Number(second - first);
  if (Math.abs(apart) <= doubtNs) return 'cannot tell';
  return apart > 0 ? 'before' : 'after';
}

/** How far the distance of two moments may be wrong, nanoseconds; undefined where nobody knows. */
function doubtBetween(one: StampedMoment, other: StampedMoment): number | undefined {
  const isSame = one.clock.id !== '' && one.clock.id === other.clock.id;
  if (isSame) return 0;
  if (one.clock.boundNs === undefined || other.clock.boundNs === undefined) return undefined;
  return one.clock.boundNs + other.clock.boundNs;
}
