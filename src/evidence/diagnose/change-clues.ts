import type { Reason } from '../../model/incident/suspect.ts';
import type { Blame } from './blame.ts';
import type { DiagnosisInput, SeenChange } from './diagnosis-input.ts';
import { type ChangeOrder, changeOrder } from './change-order.ts';
import { onsetName } from './onset-name.ts';
import { standsOn } from './stands-on.ts';
import { clock, msBetween, span } from './wording.ts';

/** How a changed component relates to the failing ones. */
export type ChangeRelation = 'itself' | 'caller' | 'beneath' | 'callee' | 'sibling' | 'unrelated';

/** The changes of one component, with how likely they are the cause. */
export interface ChangeClue {
  readonly component: string;
  readonly changes: readonly SeenChange[];
  readonly relation: ChangeRelation;
  /** The failing component it is related to. */
  readonly failing?: Blame;
  /** 0..1: how well kind and time of the change fit, whatever it is related to. */
  readonly fit: number;
  /** How the change that fits best stands to the beginning; absent where nothing dates it. */
  readonly order?: ChangeOrder;
  /** It surely came after its alleged effect. */
  readonly isAfter: boolean;
}

/**
 * How often a change of a kind is behind an outage: binaries 37 %, configuration 31 % of causes
 * (Google's outages 2010-2017), everything else far less.
 */
const PRIOR_BY_PROVIDER: Readonly<Record<string, number>> = {
  deployment: 0.9,
  files: 0.85,
  frr: 0.85,
  haproxy: 0.85,
  nftables: 0.85,
  nginx: 0.85,
  routes: 0.85,
  command: 0.7,
  host: 0.5, // Much differs on a machine after a while, and most of it is harmless.
};
const PRIOR_DEFAULT = 0.7;

/** Causes lie close before their effects: a change half an hour old is a third as likely. */
const DECAY_MS = 1_800_000;

/** An old change may still be the cause, when traffic reaches it late. */
const DECAY_MIN = 0.3;

/** A change that came after its alleged effect, by more than clocks may differ. */
const AFTER_FACTOR = 0.1;

/** One that clocks put after it, but not by more than they may differ: even odds. */
const UNSURE_FACTOR = 0.5;

/** A component in less trouble than this does not fail. */
export const FAILING_MIN = 0.25;

/** The changes by component, related to what fails. */
export function changeClues(
  input: DiagnosisInput,
  blames: readonly Blame[],
): readonly ChangeClue[] {
  const byComponent = new Map<string, SeenChange[]>();
  for (const seen of input.changes) {
    const changes = byComponent.get(seen.change.component) ?? [];
    changes.push(seen);
    byComponent.set(seen.change.component, changes);
  }
  const failing = blames.filter(({ own }) => own >= FAILING_MIN);
  return [...byComponent].map(([component, changes]) => {
    const related = relate(input, component, failing, blames);
    const fits = changes.map((change) => fitOf(input, change));
    const best = fits.toSorted((a, b) => b.fit - a.fit)[0];
    return {
      component,
      changes,
      ...related,
      fit: best?.fit ?? 0,
      ...(best?.order === undefined ? {} : { order: best.order }),
      isAfter: best?.order?.word === 'after',
    };
  });
}

function relate(
  input: DiagnosisInput,
  component: string,
  failing: readonly Blame[],
  blames: readonly Blame[],
): Pick<ChangeClue, 'relation' | 'failing'> {
  const itself = failing.find((blame) => blame.component === component);
  if (itself !== undefined) return { relation: 'itself', failing: itself };
  const calls = new Set([
    ...input.evidence.edges.map(({ from, to }) => `${from}\n${to}`),
    ...input.dependencies.map(({ from, to }) => `${from}\n${to}`),
  ]);
  const linked = (from: string, to: string): boolean => calls.has(`${from}\n${to}`);
  const isInTrouble = blames.some((one) => one.component === component && one.raw >= FAILING_MIN);
  const called = failing.find((blame) => linked(component, blame.component));
  if (called !== undefined && isInTrouble) return { relation: 'caller', failing: called };
  const above = input.passive.includes(component)
    ? failing.find((blame) => standsOn(input, blame.component).has(component))
    : undefined;
  if (above !== undefined) return { relation: 'beneath', failing: above };
  const caller = failing.find((blame) => linked(blame.component, component));
  if (caller !== undefined) return { relation: 'callee', failing: caller };
  // Somebody calls both it and a failing component: what the one answers, the other is sent.
  const sibling = failing.find((blame) =>
    blames.some(
      (one) => linked(one.component, blame.component) && linked(one.component, component),
    ),
  );
  if (sibling !== undefined) return { relation: 'sibling', failing: sibling };
  return { relation: 'unrelated' };
}

function fitOf(
  input: DiagnosisInput,
  seen: SeenChange,
): { readonly fit: number; readonly order?: ChangeOrder } {
  const provider = seen.change.state.split('/')[1]?.split('#')[0] ?? '';
  const prior = PRIOR_BY_PROVIDER[provider] ?? PRIOR_DEFAULT;
  const order = changeOrder(input, seen);
  if (order?.word === 'after') return { fit: prior * AFTER_FACTOR, order };
  const lead =
    seen.notAfter === undefined ? undefined : msBetween(seen.notAfter, input.incident.from);
  const decay = Math.max(DECAY_MIN, Math.exp(-Math.max(0, lead ?? 0) / DECAY_MS));
  const unsure = order?.seemsAfter === true ? UNSURE_FACTOR : 1;
  return { fit: prior * decay * unsure, ...(order === undefined ? {} : { order }) };
}

/** One change in words: `checkout/deployment: current went from releases/v1 to releases/v2, …`. */
export function changeReason(input: DiagnosisInput, seen: SeenChange): Reason {
  const { state, path } = seen.change;
  const notBefore = seen.notBefore ?? input.comparison?.at;
  const order = changeOrder(input, { ...seen, ...(notBefore === undefined ? {} : { notBefore }) });
  const when = order === undefined ? sinceText(input, notBefore) : orderText(order);
  return {
    text: `${state}: ${whatChanged(seen)}${when}`,
    evidence: [`${state}:${path}`],
    ...(order === undefined ? {} : { order: order.word }),
  };
}

function whatChanged({ change }: SeenChange): string {
  if (change.secret) return `${change.path} (a secret) was changed`;
  if (change.words !== undefined) return change.words;
  if (change.op === 'create') return `${change.path} is new`;
  if (change.op === 'delete') return `${change.path} is gone`;
  if (change.before === undefined || change.after === undefined) {
    return `${change.path} was changed`;
  }
  return `${change.path} went from ${change.before} to ${change.after}`;
}

function orderText({ word, text }: ChangeOrder): string {
  return word === 'before' ? ` ${text}` : `, ${text}`;
}

/** Of a change that nothing dates: since when it may have come. */
function sinceText(input: DiagnosisInput, notBefore: string | undefined): string {
  if (notBefore === undefined) return '';
  const onset = input.incident.from;
  const longest = msBetween(notBefore, onset);
  if (longest === undefined || longest < 0) return ` after ${clock(notBefore, onset)}`;
  return ` at most ${span(longest)} before ${onsetName(input)}`;
}
