import { parseRfc3339, timeNs, toRfc3339 } from '../../base/time.ts';
import { WHOLE_SECOND_NS } from '../../model/evidence/clock-overlay.ts';
import type { StampingClock } from '../../model/evidence/evidence-summary.ts';
import {
  recordOrder,
  type RecordOrder,
  type StampedMoment,
} from '../../model/record/record-order.ts';
import type { Clue } from './clue.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';

/** Something that happened at a component; without one, what we saw by our own clock. */
export interface Sign {
  readonly at: string;
  readonly component?: string | undefined;
}

/** Which of two signs came first, and what keeps us from telling. */
export interface SignOrder {
  readonly word: RecordOrder;
  /** `clocks of a and b agree to ±120 ms`; absent where the order is told, or both are at once. */
  readonly doubt?: string;
}

/** Our own clock is what the others are held against. */
const OURS: Omit<StampingClock, 'component'> = { id: '', boundNs: 0, method: 'reference' };

/**
 * Whether `one` came before `other`, said only where that holds however wrong both clocks may be.
 * A sign of nobody, or of who is not listed, was stamped by our own clock.
 */
export function signOrder(input: DiagnosisInput, one: Sign, other: Sign): SignOrder {
  const [a, b] = [stamped(input, one), stamped(input, other)];
  const word = recordOrder(a, b);
  if (word !== 'cannot tell' || (one.at === other.at && isExact(a, b))) return { word };
  return { word, doubt: doubtOf(one, other, a, b) };
}

/** `one` with this much later, as far as clocks tell: what is noticed late began earlier. */
export function laterBy(sign: Sign, ms: number): Sign {
  const at = parseRfc3339(sign.at);
  if (at === undefined) return sign;
  return { ...sign, at: toRfc3339(timeNs(at + BigInt(ms) * 1_000_000n)) };
}

/** The latest time that is surely not after a sign; its own where nothing bounds its clock. */
export function surelyNotAfter(input: DiagnosisInput, sign: Sign): string {
  const at = parseRfc3339(sign.at);
  const boundNs = stamped(input, sign).clock.boundNs ?? 0;
  return at === undefined ? sign.at : toRfc3339(timeNs(at - BigInt(Math.round(boundNs))));
}

/** When a component's trouble was first seen. */
export function firstSign(clues: readonly Clue[], component: string): Sign | undefined {
  const times = clues.flatMap((clue) => (clue.component === component ? (clue.firstAt ?? []) : []));
  const [at] = times.toSorted();
  return at === undefined ? undefined : { at, component };
}

/** Says that nobody can tell, and why. */
export function doubtText({ doubt }: SignOrder): string {
  return `cannot tell which came first (${doubt ?? 'both bear the same time'})`;
}

/** With what the trouble began. */
export function beginning({ incident }: DiagnosisInput): Sign {
  return { at: incident.from, component: incident.by };
}

function stamped({ evidence }: DiagnosisInput, { at, component }: Sign): StampedMoment {
  const known = evidence.clocks.find((clock) => clock.component === component);
  const { id, boundNs, method } = known ?? OURS;
  const wholeNs = known !== undefined && isWhole(at) && method !== 'whole-seconds' ? WHOLE_NS : 0;
  return {
    time: at,
    alignedTime: at,
    clock: {
      id,
      offsetNs: 0,
      method,
      ...(boundNs === undefined ? {} : { boundNs: boundNs + wholeNs }),
    },
  };
}

const WHOLE_NS = Number(WHOLE_SECOND_NS);

/** A stamp without a fraction stands for the whole second. */
function isWhole(at: string): boolean {
  return !/\.\d*[1-9]/.test(at);
}

const isSame = (a: StampedMoment, b: StampedMoment): boolean =>
  a.clock.id !== '' && a.clock.id === b.clock.id;

/** Two equal stamps that cannot be wrong: both happened at once. */
function isExact(a: StampedMoment, b: StampedMoment): boolean {
  return isSame(a, b) || (a.clock.boundNs === 0 && b.clock.boundNs === 0);
}

function doubtOf(one: Sign, other: Sign, a: StampedMoment, b: StampedMoment): string {
  const unbounded = [
    ...(a.clock.boundNs === undefined ? [nameOf(one)] : []),
    ...(b.clock.boundNs === undefined ? [nameOf(other)] : []),
  ];
  const names = [nameOf(one), nameOf(other)];
  if (isSame(a, b)) return `one clock stamps ${names.join(' and ')}, not all to the fraction`;
  const [first, second] = unbounded;
  if (first !== undefined) {
    const both = second === undefined || second === first ? first : `${first} and of ${second}`;
    return `nothing bounds the clock of ${both}`;
  }
  const doubtNs = (a.clock.boundNs ?? 0) + (b.clock.boundNs ?? 0);
  return `clocks of ${names.join(' and ')} agree to ±${spread(doubtNs)}`;
}

const nameOf = ({ component }: Sign): string => component ?? 'lastgood';

/** A bound for people: two digits are more than it is worth. */
function spread(ns: number): string {
  const [value, unit] = ns < 1e6 ? [ns / 1e3, 'µs'] : ns < 1e9 ? [ns / 1e6, 'ms'] : [ns / 1e9, 's'];
  return `${Number(value.toPrecision(2))} ${unit}`;
}
