import type { ClockPair } from '../evidence/clock-pair.ts';
import { doubtBetween, recordOrder, type StampedMoment } from './record-order.ts';
import type { TimelineRecord } from './timeline-record.ts';

/** Something that happened, and who is said to have stamped it. */
export interface NamedMoment extends StampedMoment {
  /** As people know it: a component, else a host. */
  readonly name: string;
}

/** Why nobody can tell which of two things came first. */
export interface OrderDoubt {
  /** `bounds`: they are nearer together than is known; `unbounded`: of one nothing is known. */
  readonly kind: 'bounds' | 'unbounded';
  /** `clocks of a and b agree to ±120 ms`. */
  readonly text: string;
}

/**
 * What keeps us from telling the order of two things; undefined where it is told, and where both
 * were stamped at once by clocks that do not contradict each other.
 */
export function orderDoubt(
  one: NamedMoment,
  other: NamedMoment,
  pairs: readonly ClockPair[] = [],
): OrderDoubt | undefined {
  if (recordOrder(one, other, pairs) !== 'cannot tell') return undefined;
  const doubtNs = doubtBetween(one, other, pairs);
  if (doubtNs === 0) return undefined;
  if (doubtNs === undefined) return { kind: 'unbounded', text: unboundedText(one, other) };
  const names = `${one.name} and ${other.name}`;
  const isOne = one.clock.id !== '' && one.clock.id === other.clock.id;
  return {
    kind: 'bounds',
    text: isOne
      ? `one clock stamps ${names}, not all to the fraction`
      : `clocks of ${names} agree to ±${spread(doubtNs)}`,
  };
}

/** The same of two records of one list, under the names that people know them by. */
export function neighborDoubt(one: TimelineRecord, other: TimelineRecord): OrderDoubt | undefined {
  return orderDoubt({ ...one, name: nameOf(one) }, { ...other, name: nameOf(other) });
}

function nameOf({ component, service, host, source }: TimelineRecord): string {
  return component ?? service ?? host ?? source.id;
}

function unboundedText(one: NamedMoment, other: NamedMoment): string {
  const unbounded = [one, other].filter(({ clock }) => clock.boundNs === undefined);
  const names = new Set(unbounded.map(({ name }) => name));
  return `nothing bounds the clock of ${[...names].join(' and of ')}`;
}

/** A bound for people: two digits are more than it is worth. */
function spread(ns: number): string {
  const [value, unit] = ns < 1e6 ? [ns / 1e3, 'µs'] : ns < 1e9 ? [ns / 1e6, 'ms'] : [ns / 1e9, 's'];
  return `${Number(value.toPrecision(2))} ${unit}`;
}
