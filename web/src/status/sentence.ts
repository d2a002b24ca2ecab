import type { Run, Status } from '../api/types.ts';
import type { Tone } from '../part/tone.ts';
import { isRunning } from '../rollback/run-words.ts';
import { clockWords, leftWords, msOf, secondWords, spanWords } from '../time/words.ts';

/** The one sentence on top of every page, and where it leads. */
export interface Sentence {
  readonly tone: Tone;
  /** The part that matters most, a few words. */
  readonly lead: string;
  readonly rest: string;
  readonly to?: readonly string[];
}

/** What matters most now. A person in trouble reads this and nothing else. */
export function sentenceOf(status: Status, now: number): Sentence {
  return (
    announcedSentence(status, now) ??
    runSentence(status, now) ??
    incidentSentence(status, now) ??
    unhealthySentence(status, now) ??
    holdSentence(status) ??
    evidenceSentence(status) ??
    healthSentence(status, now)
  );
}

/** Over in a minute, and then it is done: whoever reads this may still say no. */
function announcedSentence({ announced }: Status, now: number): Sentence | undefined {
  const [first] = announced;
  if (first === undefined) return undefined;
  const { components, target, due, incident } = first;
  return {
    tone: 'bad',
    lead: `${components.join(', ')} will go back by itself in ${leftWords(due, now)}`,
    rest: `to ${target} at ${secondWords(due, now)}, unless you say no`,
    to: ['incidents', incident],
  };
}

function runSentence(status: Status, now: number): Sentence | undefined {
  const stuck = status.runs.find((run) => run.state === 'NEEDS_OPERATOR');
  const active = status.runs.find(isRunning);
  const run = active ?? stuck;
  if (run === undefined) return undefined;
  const to = ['runs', run.run];
  if (run.state === 'NEEDS_OPERATOR') {
    return { tone: 'bad', lead: 'A rollback needs you', rest: run.why ?? run.run, to };
  }
  if (run.state === 'AWAITING_CONFIRM') {
    const left = run.deadline === undefined ? '' : `, ${leftWords(run.deadline, now)} left`;
    return { tone: 'warn', lead: `Rollback awaits confirmation${left}`, rest: run.run, to };
  }
  if (run.state === 'AWAITING_APPROVAL') {
    const rest = run.approval?.why ?? run.run;
    return { tone: 'warn', lead: 'Rollback waits for a second person', rest, to };
  }
  const done = run.progress.filter(({ at }) => at === 'target').length;
  const rest =
    run.progress.length === 0 ? '' : `${done} of ${run.progress.length} states at the target`;
  return { tone: 'busy', lead: `Rollback is ${DOING[run.state]}`, rest, to };
}

/** What a run does in each state, after "is". */
const DOING: Readonly<Record<Run['state'], string>> = {
  PLANNED: 'planned',
  AWAITING_APPROVAL: 'waiting for a second person',
  PREPARING: 'preparing its undo',
  APPLYING: 'changing things',
  VERIFYING: 'checking the result',
  AWAITING_CONFIRM: 'waiting for confirmation',
  COMMITTING: 'keeping the new state',
  REVERTING: 'going back',
  COMMITTED: 'done',
  REVERTED: 'reverted',
  ABORTED: 'aborted',
  NEEDS_OPERATOR: 'stuck',
};

function incidentSentence(status: Status, now: number): Sentence | undefined {
  const [incident, ...others] = status.incidents;
  if (incident === undefined) return undefined;
  const since = clockWords(incident.firstBadAt, now);
  const more = others.length === 0 ? '' : ` · ${others.length} more`;
  const to = ['incidents', incident.id];
  const red = unhealthySentence(status, now);
  // What crashed and then said nothing more is silent, not well.
  if (incident.firing.length === 0 && red === undefined) {
    const lead = `Incident quiet, still ${incident.state}, since ${since}`;
    return { tone: 'warn', lead, rest: `${incident.title}${more}`, to };
  }
  const sick = incident.firing.length === 0 ? ` · ${red?.lead}` : '';
  const lead = `Incident ${incident.state} since ${since}`;
  return { tone: 'bad', lead, rest: `${incident.title}${sick}${more}`, to };
}

/** A health check that fails is told even where no trigger opens an incident for it. */
function unhealthySentence({ standing }: Status, now: number): Sentence | undefined {
  const red = standing.checks.filter(({ color }) => color === 'red');
  const [first, ...others] = red.toSorted((a, b) => ((a.since ?? '') < (b.since ?? '') ? -1 : 1));
  if (first === undefined) return undefined;
  const since = first.since === undefined ? '' : ` since ${clockWords(first.since, now)}`;
  const more = others.length === 0 ? '' : ` · ${others.length} more`;
  const rest = `${first.check}: ${first.seen}${more}`;
  return { tone: 'bad', lead: `${first.component} is unhealthy${since}`, rest, to: ['timeline'] };
}

function holdSentence(status: Status): Sentence | undefined {
  if (!status.hold.on) return undefined;
  const { by, reason } = status.hold;
  const rest = [reason, by === undefined ? undefined : `by ${by}`].filter((part) => part);
  return {
    tone: 'warn',
    lead: 'On hold: lastgood writes nothing',
    rest: rest.join(', '),
    to: ['runs'],
  };
}

function evidenceSentence(status: Status): Sentence | undefined {
  if (status.evidence.state === 'up') return undefined;
  const starting = status.evidence.state === 'starting';
  return {
    tone: starting ? 'busy' : 'bad',
    lead: starting ? 'Collecting starts' : 'Nothing is being collected',
    rest: status.evidence.why ?? '',
    to: ['sources'],
  };
}

function healthSentence(status: Status, now: number): Sentence {
  const [problem, ...others] = status.problems;
  const good = goodWords(status, now);
  if (status.health === 'ok') {
    const { verdict, judgedBy, why } = status.standing;
    if (verdict === 'healthy') return { tone: 'good', lead: 'Healthy', rest: good };
    if (judgedBy === 0) {
      const rest = `${why} · ${good}`;
      return { tone: 'quiet', lead: 'Nothing to judge by', rest };
    }
    return { tone: 'warn', lead: 'Health is unclear', rest: `${why} · ${good}` };
  }
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const what = problem === undefined ? '' : `${problem.what}${more}`;
  return {
    tone: status.health === 'failed' ? 'bad' : 'warn',
    lead: status.health === 'failed' ? 'lastgood does not work' : 'lastgood works in part',
    rest: [what, good].filter((part) => part !== '').join(' · '),
    to: ['sources'],
  };
}

/** When the last good checkpoint was, or when there will be one. */
function goodWords({ checkpoints }: Status, now: number): string {
  const { last, lastGood } = checkpoints;
  const becoming =
    last?.goodAt === undefined || last.id === lastGood?.id || msOf(last.goodAt) < now
      ? ''
      : `the newest becomes good at ${clockWords(last.goodAt, now)} if health holds`;
  if (lastGood === undefined && last?.compareOnly === true) {
    return `comparing with ${clockWords(last.takenAt, now)}; nothing here can be rolled back yet`;
  }
  if (lastGood !== undefined) {
    const age = spanWords(now - msOf(lastGood.takenAt));
    const known = `last good checkpoint ${clockWords(lastGood.takenAt, now)} (${age} ago)`;
    return becoming === '' ? known : `${known}; ${becoming}`;
  }
  if (last === undefined) return 'no checkpoint yet';
  return becoming === '' ? 'no good checkpoint yet' : `no good checkpoint yet; ${becoming}`;
}
