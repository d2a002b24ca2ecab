import type { RecordOrder } from '../../model/record/record-order.ts';
import type { DiagnosisInput, SeenChange } from './diagnosis-input.ts';
import { onsetName } from './onset-name.ts';
import { beginning, doubtText, signOrder } from './sign-order.ts';
import { msBetween, span } from './wording.ts';

/** How a change stands to the beginning of the trouble. */
export interface ChangeOrder {
  readonly word: RecordOrder;
  /** What goes on from "it came": `40 s before the first error`. */
  readonly text: string;
  /** Clocks put it after the beginning, surely or not. */
  readonly seemsAfter: boolean;
}

/**
 * Whether a change came before the trouble, after it, or too near to it for the clocks to tell.
 * Undefined where only its own dates are too far apart: it came at some time between them.
 */
export function changeOrder(input: DiagnosisInput, seen: SeenChange): ChangeOrder | undefined {
  const { notBefore, notAfter, stampedBy: component } = seen;
  const onset = beginning(input);
  const name = onsetName(input);
  if (notBefore !== undefined) {
    const order = signOrder(input, { at: notBefore, component }, onset);
    const after = msBetween(onset.at, notBefore) ?? 0;
    if (order.word === 'after') {
      return { word: 'after', text: `${span(after)} after ${name}`, seemsAfter: true };
    }
    if (order.word === 'cannot tell') {
      const text = `${apart(after, 'at most')} ${name} by their stamps: ${doubtText(order)}`;
      return { word: order.word, text, seemsAfter: after > 0 };
    }
  }
  if (notAfter === undefined) return undefined;
  const order = signOrder(input, { at: notAfter, component }, onset);
  const before = msBetween(notAfter, onset.at) ?? 0;
  if (order.word === 'after') return undefined;
  if (order.word === 'before') {
    return { word: 'before', text: `${span(before)} before ${name}`, seemsAfter: false };
  }
  const text = `${apart(-before, 'at least')} ${name} by their stamps: ${doubtText(order)}`;
  return { word: order.word, text, seemsAfter: before < 0 };
}

/** What the stamps say, whether or not they are right; a date only limits when a change came. */
function apart(afterMs: number, before: 'at most' | 'at least'): string {
  if (afterMs === 0) return 'not before';
  if (afterMs < 0) return `${before} ${span(-afterMs)} before`;
  return `${before === 'at most' ? 'at least' : 'at most'} ${span(afterMs)} after`;
}
