import type { Clue } from './clue.ts';
import { isMisdirected } from './call-clues.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { lostBeneath } from './lost-links.ts';
import { firstSign, laterBy, signOrder, type SignOrder } from './sign-order.ts';

/** How much of a component's trouble comes from whom. */
export interface Explanation {
  /** 0..1. */
  readonly share: number;
  readonly by: readonly string[];
  /** `calls`: the failing calls were counted; else it is inferred from who depends on whom. */
  readonly basis: 'calls' | 'dependency' | 'waiting' | 'network';
  /** Whether the first of them was in trouble before or after it; absent where nothing dates it. */
  readonly order?: SignOrder;
}

const NONE: Explanation = { share: 0, by: [], basis: 'calls' };

/**
 * Without failing calls counted, a failing dependency explains its dependents this far. More would
 * hide a second fault; less would name the caller of a dead service.
 */
const DECLARED_SHARE = 0.8;

/** The same where nobody says that it depends on a device which lost its ways. */
const LOST_SHARE = 0.6;

/** The same when the dependent was surely in trouble first. */
const DECLARED_SHARE_LATER = 0.3;

/**
 * What is at fault may notice its own trouble so much after those it troubles, who fail at once: it
 * waits for a lock or a disk, or counts in slices. Clocks may differ by their bounds besides.
 */
const NOTICED_LATE_MS = 5_000;

/** A dependency must be in this much trouble to explain any. */
const DEPENDENCY_SCORE_MIN = 0.25;

/**
 * What share of each component's errors its failing callees explain. Walking from the symptoms
 * down the failing calls, only the deepest failing component stays unexplained.
 */
export function explain(
  input: DiagnosisInput,
  clues: readonly Clue[],
  scores: ReadonlyMap<string, number>,
): ReadonlyMap<string, Explanation> {
  const result = new Map<string, Explanation>();
  for (const component of scores.keys()) {
    const counted = byCalls(input, component);
    const declared = byDependencies(input, component, clues, scores);
    const waiting = byWaiting(input, component, clues);
    const lost = byLostLinks(input, component, clues);
    const best = [counted, declared, waiting, lost].toSorted((a, b) => b.share - a.share)[0];
    result.set(component, best ?? counted);
  }
  return result;
}

function byCalls(input: DiagnosisInput, component: string): Explanation {
  const { edges } = input.evidence;
  const failing = edges.filter(
    (edge) => edge.from === component && edge.during.errors > 0 && !isMisdirected(input, edge),
  );
  const failed = failing.reduce((sum, { during }) => sum + during.errors, 0);
  if (failed === 0) return NONE;
  const own = ownErrors(input, component);
  return {
    share: Math.min(1, failed / Math.max(1, own)),
    by: failing.map(({ to }) => to),
    basis: 'calls',
  };
}

/** A component's failures: failed requests, else failed calls into it, else error messages. */
function ownErrors(input: DiagnosisInput, component: string): number {
  const { operations, edges, logs } = input.evidence;
  const entries = operations.filter((one) => one.component === component && one.isEntry);
  const failed = entries.reduce((sum, { during }) => sum + during.errors, 0);
  if (failed > 0) return failed;
  const calls = edges.filter(({ to }) => to === component);
  const called = calls.reduce((sum, { during }) => sum + during.errors, 0);
  if (called > 0) return called;
  return Math.max(0, ...logs.filter((one) => one.component === component).map((one) => one.during));
}

function byDependencies(
  input: DiagnosisInput,
  component: string,
  clues: readonly Clue[],
  scores: ReadonlyMap<string, number>,
): Explanation {
  const failing = failingBeneath(input, component, clues, scores);
  if (failing.length === 0) return NONE;
  const isLater = failing.every((to) => startsLater(input, clues, component, to));
  const order = orderOf(input, clues, component, failing);
  return {
    share: isLater ? DECLARED_SHARE_LATER : DECLARED_SHARE,
    by: failing,
    basis: 'dependency',
    ...(order === undefined ? {} : { order }),
  };
}

/**
 * The nearest failing ones a component needs. A proxy or a router passes failures on without a
 * word: so the search goes through what shows no trouble, and there only to what answers wrongly,
 * late or not at all: what merely ran short far below explains nothing.
 */
function failingBeneath(
  input: DiagnosisInput,
  component: string,
  clues: readonly Clue[],
  scores: ReadonlyMap<string, number>,
): readonly string[] {
  const { edges } = input.evidence;
  const counted = new Set(
    edges.filter(({ during }) => during.calls > 0).map(({ from, to }) => `${from}\n${to}`),
  );
  const speaking = new Set(
    clues.filter(({ kind }) => kind !== 'shortage').map((clue) => clue.component),
  );
  const found: string[] = [];
  const seen = new Set([component]);
  let border = [component];
  for (let isNear = true; border.length > 0; isNear = false) {
    const next: string[] = [];
    for (const { from, to } of input.dependencies) {
      if (!border.includes(from) || seen.has(to)) continue;
      // Where the calls themselves were counted, they know better.
      if (counted.has(`${from}\n${to}`) || isMutual(input, from, to)) continue;
      seen.add(to);
      const isFailing = (scores.get(to) ?? 0) >= DEPENDENCY_SCORE_MIN;
      if (isFailing && (isNear || speaking.has(to))) found.push(to);
      else next.push(to);
    }
    border = next;
  }
  return found;
}

/** A component that only fired a trigger, and waits for somebody slow it calls, near or far. */
function byWaiting(input: DiagnosisInput, component: string, clues: readonly Clue[]): Explanation {
  const own = clues.filter((clue) => clue.component === component);
  if (own.some(({ kind }) => kind !== 'signal')) return NONE;
  const reached = reachable(input, component);
  const slow = clues.filter(
    ({ kind, component: name, score }) =>
      kind === 'slow' && reached.has(name) && score >= DEPENDENCY_SCORE_MIN,
  );
  if (slow.length === 0) return NONE;
  const by = [...new Set(slow.map((clue) => clue.component))];
  return { share: DECLARED_SHARE, by, basis: 'waiting' };
}

/** A device that lost its ways explains who fails from then on, though nobody drew the network. */
function byLostLinks(
  input: DiagnosisInput,
  component: string,
  clues: readonly Clue[],
): Explanation {
  const by = lostBeneath(input, component, clues);
  return by.length === 0 ? NONE : { share: LOST_SHARE, by, basis: 'network' };
}

/** Everything a component calls or depends on, directly or not, without itself. */
function reachable(input: DiagnosisInput, component: string): ReadonlySet<string> {
  const links = [...input.evidence.edges, ...input.dependencies];
  const reached = new Set<string>();
  let border = [component];
  while (border.length > 0) {
    border = links
      .filter(({ from, to }) => border.includes(from) && !reached.has(to) && to !== component)
      .map(({ to }) => to);
    for (const name of border) reached.add(name);
  }
  return reached;
}

/** Two components that depend on each other explain nothing of each other. */
function isMutual(input: DiagnosisInput, from: string, to: string): boolean {
  return input.dependencies.some((one) => one.from === to && one.to === from);
}

function startsLater(
  input: DiagnosisInput,
  clues: readonly Clue[],
  dependent: string,
  dependency: string,
): boolean {
  const own = firstSign(clues, dependent);
  const other = firstSign(clues, dependency);
  if (own === undefined || other === undefined) return false;
  return signOrder(input, other, laterBy(own, NOTICED_LATE_MS)).word === 'after';
}

/** How the first sign of those it needs stands to its own. */
function orderOf(
  input: DiagnosisInput,
  clues: readonly Clue[],
  component: string,
  needed: readonly string[],
): SignOrder | undefined {
  const own = firstSign(clues, component);
  const first = needed
    .flatMap((name) => firstSign(clues, name) ?? [])
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))[0];
  return own === undefined || first === undefined ? undefined : signOrder(input, first, own);
}
