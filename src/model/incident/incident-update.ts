import { assertUnreachable } from '../../base/assert.ts';
import { parseRfc3339 } from '../../base/time.ts';
import type { Incident } from './incident.ts';
import type { Diagnosis, Suspect } from './suspect.ts';

/** What an update is made of: an incident and, once there is one, its diagnosis. */
export type UpdateSubject = Omit<Incident, 'diagnosis'> & {
  readonly diagnosis?: Pick<Diagnosis, 'suspects' | 'rollback'>;
};

/** Those who wait want news about this often. */
const NEXT_UPDATE_MS = 900_000;

/**
 * Five lines to paste into a chat: impact, since when, cause and how sure, action, next update.
 * `now` is RFC 3339.
 */
export function incidentUpdate(subject: UpdateSubject, now: string): readonly string[] {
  return [
    `Impact: ${impactOf(subject)}`,
    `Since: ${sinceOf(subject, now)}`,
    `Cause: ${causeOf(subject)}`,
    `Action: ${actionOf(subject)}`,
    `Next update: ${nextOf(subject, now)}`,
  ].map((line) => line.replaceAll(/\s+/g, ' '));
}

function impactOf({ title, signals }: UpdateSubject): string {
  const raised = signals.find(({ phase }) => phase === 'raised');
  return raised === undefined
    ? `${title} until now; no trigger fires any more`
    : `${title}: ${raised.reason}`;
}

function sinceOf(subject: UpdateSubject, now: string): string {
  const { firstBadAt, openedAt, closedAt } = subject;
  const lasted = duration(firstBadAt, closedAt ?? now);
  const noticed = duration(firstBadAt, openedAt);
  return `${minute(firstBadAt)} UTC, for ${lasted}; noticed after ${noticed}`;
}

/** A run of ours that was under way is told first: who reads five lines must not suspect others. */
function causeOf(subject: UpdateSubject): string {
  const [during] = subject.duringRuns ?? [];
  const cause = suspectedOf(subject);
  return during === undefined ? cause : `${during.text}; ${cause}`;
}

function suspectedOf({ diagnosis }: UpdateSubject): string {
  const [first] = diagnosis?.suspects ?? [];
  if (first === undefined) return 'not known yet';
  const [why] = first.reasons;
  const told = why === undefined ? '' : `: ${why.text}`;
  const cause = `${SURE[first.verdict]} ${first.component}${told}`;
  // Who reads five lines takes the cause for the first of all, unless they are told.
  const { order } = first;
  const isTold = order?.word === 'before' || why?.order === 'cannot tell';
  return order === undefined || isTold ? cause : `${cause}; ${order.text}`;
}

const SURE: Readonly<Record<Suspect['verdict'], string>> = {
  PROVEN: 'proven:',
  LIKELY: 'likely',
  CORRELATED: 'perhaps',
  UNKNOWN: 'not known, at most',
};

function actionOf(subject: UpdateSubject): string {
  const { state, runs, diagnosis, closeReason, acknowledgedBy } = subject;
  const run = runs.at(-1) ?? '';
  switch (state) {
    case 'closed':
      return `none, it is over: ${closeReason ?? ''}`;
    case 'mitigating':
      return `rolling back (run ${run})`;
    case 'verifying':
      return `rolled back (run ${run}); watching that it stays healed`;
    case 'open':
    case 'acknowledged': {
      const who = acknowledgedBy === undefined ? '' : `${acknowledgedBy} looks after it; `;
      return `${who}${proposalOf(diagnosis)}`;
    }
    default:
      return assertUnreachable(state);
  }
}

function proposalOf(diagnosis: UpdateSubject['diagnosis']): string {
  if (diagnosis === undefined) return 'looking for the cause';
  const { helps, why, checkpoint } = diagnosis.rollback;
  if (helps === 'yes') return `propose to go back to ${checkpoint ?? 'the last good checkpoint'}`;
  return helps === 'no' ? why : `not decided: ${why}`;
}

function nextOf({ state }: UpdateSubject, now: string): string {
  if (state === 'closed') return 'none';
  const at = new Date(Date.parse(now) + NEXT_UPDATE_MS).toISOString();
  return `${minute(at)} UTC`;
}

function minute(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}

function duration(from: string, to: string): string {
  const [start, end] = [parseRfc3339(from), parseRfc3339(to)];
  if (start === undefined || end === undefined) return 'some time';
  const seconds = Math.max(0, Math.round(Number(end - start) / 1e9));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200
    ? `${Math.round(seconds / 60)} min`
    : `${Math.round(seconds / 360) / 10} h`;
}
