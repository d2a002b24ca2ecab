import type { SuspectOrder } from '../../model/incident/suspect.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import type { Case } from './rank-cases.ts';
import { doubtText, firstSign, type Sign, signOrder } from './sign-order.ts';
import { msBetween, span } from './wording.ts';

/**
 * How a suspect stands in time: a change to the beginning of the trouble, trouble to the first
 * trouble of any other suspect. Absent where nothing dates it, or there is no other.
 */
export function suspectOrder(
  input: DiagnosisInput,
  one: Case,
  cases: readonly Case[],
): SuspectOrder | undefined {
  if (one.kind === 'change') return changeOrderOf(one);
  const own = signOf(one);
  const [first] = cases
    .filter(({ component }) => component !== one.component)
    .flatMap((other) => signOf(other) ?? [])
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  if (own === undefined || first === undefined) return undefined;
  const order = signOrder(input, own, first);
  const other = `that of ${first.component ?? ''}`;
  if (order.word === 'cannot tell') {
    return { word: order.word, text: `its first sign and ${other}: ${doubtText(order)}` };
  }
  const apart = span(Math.abs(msBetween(own.at, first.at) ?? 0));
  return { word: order.word, text: `its first sign came ${apart} ${order.word} ${other}` };
}

function changeOrderOf({ change }: Case): SuspectOrder | undefined {
  const order = change?.order;
  if (order === undefined) return undefined;
  return { word: order.word, text: `the change came ${order.text}` };
}

function signOf({ blame, component }: Case): Sign | undefined {
  return firstSign(blame?.clues ?? [], component);
}
