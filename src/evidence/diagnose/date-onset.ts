import { type Blame } from './blame.ts';
import { FAILING_MIN } from './change-clues.ts';
import type { ClueKind } from './clue.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { beginning, signOrder } from './sign-order.ts';

/** Trouble that somebody felt; slowness and triggers come and go with the load. */
const FELT: ReadonlySet<ClueKind> = new Set(['errors', 'logs', 'calls', 'dead', 'unreachable']);

/**
 * The incident with its beginning put where what it is about began. An incident opens with the
 * first signal that joins it, and that may be a slowness long before: then a release that breaks
 * everything would seem to have come after the trouble. When failure is what speaks most against
 * the component to blame, the first failure anywhere is the beginning, if it surely came later.
 */
export function dateOnset(input: DiagnosisInput, blames: readonly Blame[]): DiagnosisInput {
  const [strongest] = blames[0]?.clues ?? [];
  if (strongest === undefined || !FELT.has(strongest.kind)) return input;
  const felt = blames
    .flatMap(({ clues }) => clues)
    .filter(({ kind, score }) => FELT.has(kind) && score >= FAILING_MIN)
    .flatMap(({ firstAt: at, component }) => (at === undefined ? [] : [{ at, component }]))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const [first] = felt;
  if (first === undefined) return input;
  // What may as well be the beginning itself does not move it. When nobody's record began it,
  // somebody only said when to look.
  const { by, from } = input.incident;
  const isLater =
    by === undefined
      ? first.at > from
      : signOrder(input, beginning(input), first).word === 'before';
  if (!isLater) return input;
  return { ...input, incident: { ...input.incident, from: first.at, by: first.component } };
}
