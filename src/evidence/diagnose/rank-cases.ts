import { assertUnreachable } from '../../base/assert.ts';
import type { Blame } from './blame.ts';
import type { ChangeClue } from './change-clues.ts';

/** What makes a suspect: trouble, changes, or both of one component. */
export interface Case {
  readonly component: string;
  readonly kind: 'change' | 'process' | 'service';
  /** 0..1. */
  readonly score: number;
  readonly blame?: Blame;
  readonly change?: ChangeClue;
}

/** What the change in a failing component adds: it explains why there and why now. */
const CHANGE_WEIGHT = 0.6;

/** Trouble under this is too faint for a change to make it certain: its weight shrinks along. */
const CHANGE_NEEDS_TROUBLE = 0.6;

/** How near a change elsewhere is, as a factor on the failing component's trouble. */
const NEAR = {
  /** Who calls the failing component may have begun to ask for nonsense. */
  caller: 0.45,
  /** The same when the failing one is alive and unchanged: then something else must be. */
  callerOfUnchanged: 0.8,
  /** What it lets through or not shows only at those who stand on it. */
  beneath: 0.75,
  callee: 0.3,
  sibling: 0.22,
} as const;

/** A change of something that no failing call leads to: coincidence until shown otherwise. */
const UNRELATED_SCORE = 0.05;

/**
 * An unchanged, living component that fails only since its caller changed is half excused; more so
 * since what it stands on changed, which never fails by itself.
 */
const EXCUSED_FACTOR = { caller: 0.8, beneath: 0.6 } as const;

/** Beyond the first few, nobody reads on. */
const CASES_MAX = 10;

/** Joins trouble and changes by component; the most suspect first. */
export function rankCases(
  blames: readonly Blame[],
  changes: readonly ChangeClue[],
): readonly Case[] {
  const changed = new Map(changes.map((change) => [change.component, change] as const));
  const troubled = blames
    .map((blame): Case => caseOf(blame, changed.get(blame.component)))
    .map((one) => ({ ...one, score: one.score * excuse(one, changes) }));
  const others = changes
    .filter((change) => change.relation !== 'itself')
    .map((change): Case => {
      const { component } = change;
      const blame = blames.find((one) => one.component === component);
      const score = Math.max(elsewhere(change, changed), blame?.own ?? 0);
      return {
        component,
        kind: 'change',
        score,
        change,
        ...(blame === undefined ? {} : { blame }),
      };
    });
  const replaced = new Set(others.map(({ component }) => component));
  return [...troubled.filter(({ component }) => !replaced.has(component)), ...others]
    .toSorted((a, b) => b.score - a.score || (a.component < b.component ? -1 : 1))
    .slice(0, CASES_MAX);
}

function caseOf(blame: Blame, change: ChangeClue | undefined): Case {
  const { component, own } = blame;
  if (change === undefined || change.isAfter) {
    const kind = blame.isDead ? 'process' : 'service';
    return { component, kind, score: own, blame, ...(change === undefined ? {} : { change }) };
  }
  const weight = CHANGE_WEIGHT * Math.min(1, own / CHANGE_NEEDS_TROUBLE);
  const score = 1 - (1 - own) * (1 - weight * change.fit);
  return { component, kind: 'change', score, blame, change };
}

/** By how much the changes of others excuse what fails: a factor. */
function excuse(one: Case, changes: readonly ChangeClue[]): number {
  if (one.kind !== 'service') return 1;
  const excuses = changes.flatMap(({ relation, failing, isAfter }) => {
    if (failing?.component !== one.component || isAfter) return [];
    return relation === 'caller' || relation === 'beneath' ? [EXCUSED_FACTOR[relation]] : [];
  });
  return Math.min(1, ...excuses);
}

function elsewhere(change: ChangeClue, changed: ReadonlyMap<string, ChangeClue>): number {
  const { failing, fit, relation } = change;
  const trouble = failing?.own ?? 0;
  const isPuzzling = failing !== undefined && !failing.isDead && !changed.has(failing.component);
  switch (relation) {
    case 'itself':
      return trouble;
    case 'caller':
      return trouble * fit * (isPuzzling ? NEAR.callerOfUnchanged : NEAR.caller);
    case 'beneath':
      // Who is dead, or was changed too, fails by itself.
      return isPuzzling ? trouble * fit * NEAR.beneath : trouble * fit * NEAR.callee;
    case 'callee':
      return trouble * fit * NEAR.callee;
    case 'sibling':
      return trouble * fit * NEAR.sibling;
    case 'unrelated':
      return UNRELATED_SCORE * fit;
    default:
      return assertUnreachable(relation);
  }
}
