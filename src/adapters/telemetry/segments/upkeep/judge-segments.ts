import type { TimeNs } from '../../../../base/time.ts';
import { fromUnixMs, timeNs } from '../../../../base/time.ts';
import {
  cutoffOf,
  type ReferredTime,
  type ReferredEvidence,
  type RetentionPolicy,
} from '../../../../model/evidence/evidence-retention.ts';
import { RECORD_KINDS } from '../../../../model/record/timeline-record.ts';
import { DENSITY_NUMBERS, DENSITY_WIDTH_NS } from '../density-plan.ts';
import type { RowGroup } from '../engine/protocol.ts';
import type { LiveSegment } from '../segment-list.ts';

/** A segment to be given up. */
export interface Expiring {
  readonly segment: LiveSegment;
  readonly why: 'age' | 'bytes' | 'bytes, although held';
}

/** A segment to be written anew without some of its rows. */
export interface Thinning {
  readonly segment: LiveSegment;
  readonly drop: readonly RowGroup[];
}

/** What retention does with the segments; it leaves alone those that are not named. */
export interface SegmentVerdict {
  readonly expire: readonly Expiring[];
  readonly thin: readonly Thinning[];
  /** What would go, if it were not held. */
  readonly held: readonly ReferredEvidence[];
}

/** The pre-aggregates of a segment; undefined when there are none. */
export type DensityOf = (segment: LiveSegment) => readonly number[] | undefined;

/**
 * Decides what retention does, in order of arrival. A record's age counts from its arrival: a clock
 * that is wrong must neither lose evidence at once nor keep it for ever. Records of a kind and
 * component go when the last record of their segment is too old, so that each segment is written
 * anew once for each length of time at most. Pure.
 */
export function judgeSegments(
  segments: readonly LiveSegment[],
  policy: RetentionPolicy,
  otherBytes: number,
  densityOf: DensityOf,
): SegmentVerdict {
  const expire: Expiring[] = [];
  const thin: Thinning[] = [];
  const held = new Map<string, ReferredEvidence>();
  const staying: LiveSegment[] = [];
  for (const segment of segments) {
    const old = oldGroups(segment, policy);
    const referred = old === undefined ? [] : referredIn(segment, policy.referred, densityOf);
    if (old === 'all' && referred.length === 0) {
      expire.push({ segment, why: 'age' });
      continue;
    }
    if (old !== undefined && old !== 'all' && referred.length === 0)
      thin.push({ segment, drop: old });
    for (const { why } of referred) addHeld(held, why, segment);
    staying.push(segment);
  }
  const room = (policy.maxBytes ?? Infinity) - otherBytes;
  const isHeld = (segment: LiveSegment): boolean =>
    referredIn(segment, policy.referred, densityOf).length > 0;
  expire.push(...overBytes(staying, room, isHeld));
  const gone = new Set(expire.map(({ segment }) => segment.id));
  return {
    expire,
    thin: thin.filter(({ segment }) => !gone.has(segment.id)),
    held: [...held.values()],
  };
}

/** The groups of a segment whose time is over; undefined when there are none. */
function oldGroups(
  { facts }: LiveSegment,
  policy: RetentionPolicy,
): readonly RowGroup[] | 'all' | undefined {
  const { groups, components, maxObserved, sealedAtMs } = facts;
  const last = maxObserved === undefined ? fromUnixMs(sealedAtMs) : timeNs(BigInt(maxObserved));
  const first = longest(policy);
  if (groups === undefined) return last < first ? 'all' : undefined;
  const old: RowGroup[] = [];
  for (let at = 0; at < groups.length; at += 3) {
    const component = components[groups[at] ?? 0] ?? '';
    const kind = groups[at + 1] ?? 0;
    const cutoff = cutoffOf(policy, RECORD_KINDS[kind] ?? 'log', component);
    if (last < cutoff) old.push({ kind, component });
  }
  if (old.length === 0) return undefined;
  return old.length * 3 === groups.length ? 'all' : old;
}

/** The oldest instant that any rule keeps. */
function longest({ before, rules }: RetentionPolicy): TimeNs {
  return rules.reduce((oldest, rule) => (rule.before < oldest ? rule.before : oldest), before);
}

function referredIn(
  segment: LiveSegment,
  referred: readonly ReferredTime[],
  densityOf: DensityOf,
): readonly ReferredTime[] {
  const near = referred.filter(
    ({ from, to }) => segment.maxMoment >= from && (to === undefined || segment.minMoment < to),
  );
  // Most lie within a hold as a whole: only at its ends the buckets must be read and unpacked.
  const isWithin = near.every(
    ({ from, to }) => segment.minMoment >= from && (to === undefined || segment.maxMoment < to),
  );
  const density = isWithin ? undefined : densityOf(segment);
  return density === undefined ? near : near.filter((time) => hasAny(density, time));
}

/** One wrong time makes the range of a segment wide: its buckets tell what it really has. */
function hasAny(density: readonly number[], { from, to }: ReferredTime): boolean {
  for (let at = 0; at < density.length; at += DENSITY_NUMBERS) {
    const start = BigInt(density[at] ?? 0) * DENSITY_WIDTH_NS;
    if (start + DENSITY_WIDTH_NS > from && (to === undefined || start < to)) return true;
  }
  return false;
}

function addHeld(held: Map<string, ReferredEvidence>, why: string, { facts }: LiveSegment): void {
  const { segments, bytes } = held.get(why) ?? { segments: 0, bytes: 0 };
  held.set(why, { why, segments: segments + 1, bytes: bytes + facts.bytes });
}

/** The oldest that must go until the rest fits; those that are held go last. */
function overBytes(
  staying: readonly LiveSegment[],
  room: number,
  isHeld: (segment: LiveSegment) => boolean,
): readonly Expiring[] {
  let bytes = staying.reduce((sum, { facts }) => sum + facts.bytes, 0);
  const expire: Expiring[] = [];
  const passedOver: LiveSegment[] = [];
  for (const segment of staying) {
    if (bytes <= room) return expire;
    if (isHeld(segment)) passedOver.push(segment);
    else {
      expire.push({ segment, why: 'bytes' });
      bytes -= segment.facts.bytes;
    }
  }
  for (const segment of passedOver) {
    if (bytes <= room) return expire;
    expire.push({ segment, why: 'bytes, although held' });
    bytes -= segment.facts.bytes;
  }
  return expire;
}
