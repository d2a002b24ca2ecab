import { parseRfc3339, timeNs, toRfc3339 } from '../../base/time.ts';
import { WHOLE_SECOND_NS } from '../../model/evidence/clock-overlay.ts';
import type { StampingClock } from '../../model/evidence/evidence-summary.ts';
import { orderDoubt, type NamedMoment } from '../../model/record/order-doubt.ts';
import { recordOrder, type RecordOrder } from '../../model/record/record-order.ts';
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
  const pairs = input.evidence.clockPairs;
  const doubt = orderDoubt(a, b, pairs)?.text;
  return { word: recordOrder(a, b, pairs), ...(doubt === undefined ? {} : { doubt }) };
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

function stamped({ evidence }: DiagnosisInput, { at, component }: Sign): NamedMoment {
  const known = evidence.clocks.find((clock) => clock.component === component);
  const { id, boundNs, method } = known ?? OURS;
  const wholeNs = known !== undefined && isWhole(at) && method !== 'whole-seconds' ? WHOLE_NS : 0;
  return {
    name: component ?? 'lastgood',
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
