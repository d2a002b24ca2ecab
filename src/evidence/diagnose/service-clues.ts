import type { EvidenceSummary, OperationEvidence } from '../../model/evidence/evidence-summary.ts';
import type { Clue } from './clue.ts';
import { confidence, likelihoodRatio, riseScore } from './likelihood.ts';
import { clock } from './wording.ts';

/** Failed requests: operations whose share of errors rose. */
export function errorClues(evidence: EvidenceSummary): readonly Clue[] {
  return evidence.operations.flatMap((one) => {
    const { before, during } = one;
    const score = riseScore(before.errors, before.calls, during.errors, during.calls);
    if (score === 0) return [];
    const since = one.firstErrorAt === undefined ? '' : ` since ${clock(one.firstErrorAt)}`;
    const verb = one.isEntry ? 'answers' : 'ends';
    const text =
      `${one.component} ${verb} ${during.errors} of ${during.calls} ${requests(one)} ` +
      `with an error${since}; before: ${before.errors} of ${before.calls}`;
    return [clueOf(one, 'errors', score, text)];
  });
}

function requests(one: OperationEvidence): string {
  return one.isEntry ? `requests ${one.operation}` : `runs of ${one.operation}`;
}

/** Fewer slow calls than this on either side say nothing. */
const SLOW_CALLS_MIN = 3;

/** Slower by less than a millisecond is no trouble anybody feels. */
const SHIFT_FLOOR_MS = 1;

/** Slow requests by own time: what the component did itself, without waiting for others. */
export function slowClues(evidence: EvidenceSummary): readonly Clue[] {
  return evidence.operations.flatMap((one) => {
    const { before, during } = one;
    if (during.slow < SLOW_CALLS_MIN || before.calls < SLOW_CALLS_MIN) return [];
    const share = during.slow / during.calls - before.slow / before.calls;
    const meanBefore = before.totalMs / before.calls;
    const shift = during.totalMs / during.calls - meanBefore;
    const nats = likelihoodRatio(before.slow, before.calls, during.slow, during.calls);
    if (share <= 0 || shift <= SHIFT_FLOOR_MS || nats < SLOW_CALLS_MIN) return [];
    const grown = Math.max(1, Math.log10(shift / (meanBefore + SHIFT_FLOOR_MS)));
    const size = shift / (shift + meanBefore + SHIFT_FLOOR_MS);
    const text =
      `${one.component} needs ${ms(meanBefore + shift)} of its own time for ${one.operation}; ` +
      `before: ${ms(meanBefore)} (${during.slow} of ${during.calls} are slow)`;
    return [clueOf(one, 'slow', confidence(nats * grown) * share * size, text)];
  });
}

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

function clueOf(one: OperationEvidence, kind: Clue['kind'], score: number, text: string): Clue {
  return {
    component: one.component,
    kind,
    score,
    text,
    evidence: [],
    resource: one.operation,
    ...(one.firstErrorAt === undefined ? {} : { firstAt: one.firstErrorAt }),
  };
}

/** Error messages that became more frequent, against requests, or records where there are none. */
export function logClues(evidence: EvidenceSummary): readonly Clue[] {
  return evidence.logs.flatMap((one) => {
    const units = unitsOf(evidence, one.component);
    const during = Math.max(units.during, one.during);
    const before = Math.max(units.before, one.before);
    const score = riseScore(one.before, before, one.during, during);
    if (score === 0) return [];
    const since = one.firstAt === undefined ? '' : ` since ${clock(one.firstAt)}`;
    const text =
      `${one.component} logs "${one.sample}" ${one.during} times${since}; ` +
      `before: ${one.before} times`;
    return [
      {
        component: one.component,
        kind: 'logs',
        score,
        text,
        evidence: [],
        resource: one.key,
        ...(one.firstAt === undefined ? {} : { firstAt: one.firstAt }),
      },
    ];
  });
}

/** What the messages of a component are counted against. */
function unitsOf(
  evidence: EvidenceSummary,
  component: string,
): { readonly before: number; readonly during: number } {
  const entries = evidence.operations.filter((one) => one.component === component && one.isEntry);
  if (entries.length > 0) {
    return {
      before: entries.reduce((sum, one) => sum + one.before.calls, 0),
      during: entries.reduce((sum, one) => sum + one.during.calls, 0),
    };
  }
  const presence = evidence.presence.find((one) => one.component === component);
  return { before: presence?.recordsBefore ?? 0, during: presence?.recordsDuring ?? 0 };
}
