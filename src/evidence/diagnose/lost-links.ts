import type { Clue } from './clue.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { firstSign, laterBy, signOrder } from './sign-order.ts';

/** What fails for want of a way fails within this after the way was lost. */
const WITHIN_MS = 60_000;

/** What notices at once may stamp so much before a device that looks every few seconds. */
const NOTICED_LATE_MS = 5_000;

/**
 * Devices that lost both an interface and a neighbor of a routing protocol: their ways are gone,
 * and not only one of many virtual links, which come and go with containers.
 */
function cutDevices({ told = [] }: DiagnosisInput): readonly string[] {
  const of = (eventName: string): ReadonlySet<string> =>
    new Set(told.flatMap((one) => (one.eventName === eventName ? [one.component] : [])));
  const neighbors = of('network.neighbor.state_changed');
  return [...of('network.interface.state_changed')].filter((name) => neighbors.has(name));
}

/**
 * The devices that lost their ways when a component's trouble began, of which nothing says who
 * stands on them: where anything does, that decides.
 */
export function lostBeneath(
  input: DiagnosisInput,
  component: string,
  clues: readonly Clue[],
): readonly string[] {
  const cut = cutDevices(input);
  const own = firstSign(clues, component);
  if (own === undefined || cut.includes(component)) return [];
  const named = new Set(input.dependencies.flatMap(({ from, to }) => [from, to]));
  return cut.filter((device) => {
    const lost = firstSign(clues, device);
    if (lost === undefined || named.has(device)) return false;
    const isTooLate = signOrder(input, lost, laterBy(own, NOTICED_LATE_MS)).word === 'after';
    const isLongAgo = signOrder(input, laterBy(lost, WITHIN_MS), own).word === 'before';
    return !isTooLate && !isLongAgo;
  });
}
