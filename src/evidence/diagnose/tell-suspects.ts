import { assertUnreachable } from '../../base/assert.ts';
import type { Reason, Suspect, SuspectVerdict } from '../../model/incident/suspect.ts';
import type { Blame } from './blame.ts';
import { type Clue, isDeath } from './clue.ts';
import { type ChangeClue, changeReason } from './change-clues.ts';
import { type DiagnosisInput, isCompared } from './diagnosis-input.ts';
import { onsetName } from './onset-name.ts';
import type { Case } from './rank-cases.ts';
import { doubtText, type SignOrder } from './sign-order.ts';
import { suspectOrder } from './suspect-order.ts';
import { clock, list, plural } from './wording.ts';

/** Verdict limits, measured on cases with known causes: at these, no LIKELY was wrong. */
const LIKELY_SCORE = 0.6;
const LIKELY_MARGIN = 1.3;
const CORRELATED_SCORE = 0.25;

/** More reasons than this make none clearer. */
const REASONS_MAX = 6;
const ALIKE_MAX = 2;

/** The cases as suspects with their verdicts and reasons, for and against. */
export function tellSuspects(input: DiagnosisInput, cases: readonly Case[]): readonly Suspect[] {
  return cases.map((one, at): Suspect => {
    const second = cases[at + 1]?.score ?? 0;
    const isClear = at === 0 && one.score >= LIKELY_MARGIN * second;
    const resource = resourceOf(one);
    const order = suspectOrder(input, one, cases);
    return {
      rank: at + 1,
      component: one.component,
      kind: one.kind,
      score: Math.round(one.score * 1000) / 1000,
      verdict: verdictOf(one.score, isClear),
      ...(resource === undefined ? {} : { resource }),
      reasons: reasonsOf(input, one),
      ...(order === undefined ? {} : { order }),
    };
  });
}

function verdictOf(score: number, isClear: boolean): SuspectVerdict {
  if (score >= LIKELY_SCORE && isClear) return 'LIKELY';
  return score >= CORRELATED_SCORE ? 'CORRELATED' : 'UNKNOWN';
}

function resourceOf(one: Case): string | undefined {
  const first = one.change?.changes[0]?.change;
  if (one.kind === 'change' && first !== undefined) return `${first.state}:${first.path}`;
  return one.blame?.clues.find((clue) => clue.resource !== undefined)?.resource;
}

function reasonsOf(input: DiagnosisInput, one: Case): readonly Reason[] {
  const seen = (one.change?.changes ?? []).slice(0, REASONS_MAX);
  const changes = seen.map((change) => changeReason(input, change));
  const clues = tellingClues(one).map(({ text, evidence }): Reason => ({ text, evidence }));
  const inOrder = one.kind === 'change' ? [...changes, ...clues] : [...clues, ...changes];
  const against = counterEvidence(input, one);
  return [
    ...inOrder.slice(0, REASONS_MAX),
    ...unchanged(input, one),
    ...against.map((text): Reason => ({ text: `against: ${text}`, evidence: [] })),
  ];
}

/** The strongest clues, at most two of a kind, for one fault writes many messages. */
function tellingClues(one: Case): readonly Clue[] {
  const clues = one.blame?.clues ?? [];
  return clues.filter((clue, at) => {
    const alike = clues.slice(0, at).filter(({ kind }) => kind === clue.kind);
    return isDeath(clue) || alike.length < ALIKE_MAX;
  });
}

/** Says so when it is known that nothing of the component was changed. */
function unchanged(input: DiagnosisInput, one: Case): readonly Reason[] {
  const { comparison } = input;
  const isSame = one.change === undefined && isCompared(input, one.component);
  if (!isSame || comparison === undefined) return [];
  const text = `nothing of ${one.component} differs from ${comparison.checkpoint}`;
  return [{ text, evidence: [comparison.checkpoint] }];
}

/** What speaks for a suspect's innocence. */
function counterEvidence(input: DiagnosisInput, one: Case): readonly string[] {
  const { component, blame, change } = one;
  return [
    ...(blame !== undefined && blame.explanation.share > 0 ? [explained(blame)] : []),
    ...(change?.isAfter === true ? [`the change came after ${onsetName(input)}`] : []),
    ...(one.kind === 'change' && change !== undefined && change.relation !== 'itself'
      ? innocence(input, component, change)
      : []),
  ];
}

function explained({ explanation }: Blame): string {
  const by = list(explanation.by);
  const { order } = explanation;
  switch (explanation.basis) {
    case 'calls':
      return `${Math.round(explanation.share * 100)} % of its errors come from calls to ${by}`;
    case 'dependency':
      return `it depends on ${by}, in trouble ${order === undefined ? 'too' : inOrder(order)}`;
    case 'waiting':
      return `it waits for ${by}, which became slow`;
    case 'network':
      return `${by} lost an interface and a neighbor then, and nothing says who needs ${by}`;
    default:
      return assertUnreachable(explanation.basis);
  }
}

function inOrder(order: SignOrder): string {
  switch (order.word) {
    case 'before':
      return 'before it';
    case 'after':
      return 'too, but after it';
    case 'cannot tell':
      return order.doubt === undefined ? 'at the same time' : `too; ${doubtText(order)}`;
    default:
      return assertUnreachable(order.word);
  }
}

function innocence(
  input: DiagnosisInput,
  component: string,
  change: ChangeClue,
): readonly string[] {
  const entries = input.evidence.operations.filter(
    (one) => one.component === component && one.isEntry,
  );
  const calls = entries.reduce((sum, { during }) => sum + during.calls, 0);
  const errors = entries.reduce((sum, { during }) => sum + during.errors, 0);
  const since = clock(input.incident.from);
  const requests = plural(calls, 'request');
  const answered = `${component} answered all ${requests} since ${since} without an error`;
  return [
    ...(calls > 0 && errors === 0 ? [answered] : []),
    ...(change.relation === 'caller' || change.relation === 'beneath'
      ? []
      : [`no failing call leads to ${component}`]),
  ];
}
