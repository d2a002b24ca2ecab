import { counted } from '../../base/counted.ts';
import { addMs, formatDuration, parseRfc3339, toSecond, type TimeNs } from '../../base/time.ts';
import { pendingRollback } from '../../model/incident/incident.ts';
import { componentsOf, isTerminal } from '../../model/run/run.ts';
import { AUTOMATIC } from '../../model/access/principal.ts';
import type { FirstQuestion } from './question.ts';

/** What was done before, and by whom, that leaves this one to a person: see property 23. */
export function whyNotInHistory(question: FirstQuestion): readonly string[] {
  return [
    ...whyTriedBefore(question),
    ...whyOthers(question),
    ...whyCooling(question),
    ...whyRuns(question),
  ];
}

/** One announcement in the life of an incident, whatever became of it. */
function whyTriedBefore({ incident, announced: mine }: FirstQuestion): readonly string[] {
  const { announced, calledOff, begunAt } = incident.automatic ?? { reasons: [] };
  if (announced === undefined) return mine === undefined ? [] : ['it was never announced'];
  if (calledOff !== undefined) return [`it was called off before: ${calledOff.why}`];
  if (begunAt !== undefined) {
    return [`one began for this incident at ${toSecond(begunAt)}, once is enough`];
  }
  return announced.plan === mine
    ? []
    : [`one was announced for this incident at ${toSecond(announced.at)}`];
}

/** Across the whole fleet: one at a time, and so many within a time. */
function whyOthers(question: FirstQuestion): readonly string[] {
  const { incident, history, switches } = question;
  const other = history.incidents.find(
    (one) => one.id !== incident.id && pendingRollback(one) !== undefined,
  );
  const pending = other === undefined ? [] : [`another one is announced, for ${other.id}`];
  const { limit } = switches.policy ?? {};
  if (limit === undefined) return pending;
  const begun = begunWithin(question, limit.withinMs);
  if (begun.length < limit.runs) return pending;
  const within = formatDuration(limit.withinMs);
  return [
    ...pending,
    `${counted(begun.length, 'rollback')} began by itself within ${within}, as many as may`,
  ];
}

/** What went back by itself lately and broke again needs somebody who finds out why. */
function whyCooling(question: FirstQuestion): readonly string[] {
  const { incident, switches } = question;
  const names = touched(question);
  return begunWithin(question, switches.policy?.coolDownMs ?? 0).flatMap(({ of, components }) => {
    if (of === incident.id) return [];
    const again = components.filter((name) => names.includes(name));
    return again.map((name) => `${name} went back by itself for ${of}, its cool-down is not over`);
  });
}

/** One that began by itself, and for which incident. */
interface Begun {
  readonly of: string;
  readonly components: readonly string[];
}

/**
 * What began by itself within so long, as incidents tell it, and runs where the incident does not:
 * it may have been written by another version. A wall clock that was set ends no time early: what
 * began since this boot counts by the clock that nobody sets, too.
 */
function begunWithin({ history, now, uptime }: FirstQuestion, withinMs: number): readonly Begun[] {
  const since = addMs(now, -withinMs);
  const told = history.incidents.filter(({ automatic }) => automatic?.begunAt !== undefined);
  const known = new Set(told.map(({ id }) => id));
  const late = told.filter(({ automatic }) => {
    const { bootId, uptimeMs } = automatic?.begunUptime ?? {};
    const isYoung = bootId === uptime.bootId && uptime.uptimeMs - (uptimeMs ?? 0) <= withinMs;
    return isSince(automatic?.begunAt, since) || isYoung;
  });
  const untold = (history.runs ?? []).filter(
    ({ requestedBy, incident, startedAt }) =>
      requestedBy === AUTOMATIC && !known.has(incident ?? '') && isSince(startedAt, since),
  );
  return [
    ...late.map(({ id, automatic }) => ({
      of: id,
      components: automatic?.announced?.components ?? [],
    })),
    ...untold.map(({ run, incident, progress }) => ({
      of: incident ?? run,
      components: componentsOf({ progress }),
    })),
  ];
}

/** After a run that did not end well, and beside any other one, a person is next. */
function whyRuns(question: FirstQuestion): readonly string[] {
  const { incident, history, switches, now } = question;
  const { runs } = history;
  if (runs === undefined) return ['what ran before cannot be read'];
  const since = addMs(now, -(switches.policy?.coolDownMs ?? 0));
  const names = touched(question);
  return runs.flatMap((run) => {
    if (!isTerminal(run.state)) return [`${run.run} is ${run.state}`];
    if (run.state === 'NEEDS_OPERATOR' && run.released === undefined) {
      return [`${run.run} needs an operator`];
    }
    if (run.incident === incident.id) {
      return [`${run.run} was for this incident and ended ${run.state}`];
    }
    const isNear =
      run.requestedBy === AUTOMATIC ||
      run.progress.some(({ component }) => names.includes(component));
    const isBad = run.state !== 'COMMITTED' || run.healed === false;
    if (!isNear || !isBad || !isSince(run.endedAt ?? run.startedAt, since)) return [];
    return [`${run.run} ended ${run.state} lately; a person decides what is next`];
  });
}

/** Who is to blame, and whatever the plan changes besides. */
function touched({ incident, plan }: FirstQuestion): readonly string[] {
  const planned = plan?.content.steps.map(({ component }) => component) ?? [];
  const blamed = incident.diagnosis?.suspects[0]?.component;
  return [...new Set([...planned, ...(blamed === undefined ? [] : [blamed])])];
}

/** An instant that cannot be read counts as just now. */
function isSince(at: string | undefined, since: TimeNs): boolean {
  return at !== undefined && (parseRfc3339(at) ?? since) >= since;
}
