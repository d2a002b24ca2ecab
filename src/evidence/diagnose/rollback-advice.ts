import type { RollbackAdvice, Suspect, SuspectVerdict } from '../../model/incident/suspect.ts';
import { isDeath } from './clue.ts';
import { type DiagnosisInput, isCompared, type SeenChange } from './diagnosis-input.ts';
import { onsetName } from './onset-name.ts';
import type { Case } from './rank-cases.ts';
import { type Recommendation, recommendCheckpoint } from './recommend-checkpoint.ts';
import { beginning, surelyNotAfter } from './sign-order.ts';
import { clock, list } from './wording.ts';

/** A rival this close to the first suspect makes the advice depend on which of them it is. */
const RIVAL_MARGIN = 1.3;

/** Paths named in a sentence; the plan shows all of them. */
const PATHS_MAX = 3;

/** Says whether going back would help, and to where. Never `yes` without a checkpoint to go to. */
export function adviseRollback(
  input: DiagnosisInput,
  cases: readonly Case[],
  suspects: readonly Suspect[],
): RollbackAdvice {
  const [first] = cases;
  const verdict = suspects[0]?.verdict;
  if (first === undefined || verdict === undefined || verdict === 'UNKNOWN') {
    return unknown('the evidence does not show which component is at fault');
  }
  if (first.kind === 'process') return adviseForDeath(input, first);
  if (first.kind === 'service') return adviseForUnchanged(input, first, cases);
  return adviseForChange(input, first, cases, verdict);
}

function adviseForDeath(input: DiagnosisInput, { component, blame, change }: Case): RollbackAdvice {
  const deaths = blame?.clues.filter(isDeath) ?? [];
  const gone = deaths.find(({ isMute }) => isMute !== true);
  const death = (gone ?? deaths[0])?.text ?? 'it does not answer';
  if (deaths.length > 0 && deaths.every(({ isBack }) => isBack === true)) {
    return no(`${component} was gone and answers again: see why it ended (${death})`);
  }
  const what = gone === undefined ? 'it does not answer' : 'its process is gone';
  const checkpoint = input.comparison?.checkpoint;
  if (checkpoint === undefined) {
    const why = `restart ${component} first: ${what} (${death})`;
    return unknown(`${why}; there is no checkpoint to tell whether it changed`);
  }
  const why = (reason: string): RollbackAdvice =>
    no(`restart ${component}; ${what} and ${reason} (${death})`);
  if (change !== undefined) return why('what changed in it came later');
  if (isCompared(input, component)) return why(`nothing of it differs from ${checkpoint}`);
  return why('no checkpoint holds its state');
}

function adviseForUnchanged(
  input: DiagnosisInput,
  first: Case,
  cases: readonly Case[],
): RollbackAdvice {
  const { component } = first;
  const nearby = cases.filter(
    ({ kind, change }) => kind === 'change' && !change?.isAfter && change?.relation !== 'unrelated',
  );
  if (nearby.length > 0) {
    const names = list(nearby.map((one) => one.component));
    return unknown(
      `${component} fails without a change of its own; ` +
        `a change in ${names}, next to it, may be behind it`,
      recommend(input, nearby),
    );
  }
  if (input.comparison === undefined) {
    return unknown(`there is no checkpoint to tell whether ${component} changed`);
  }
  const look = first.blame?.clues[0]?.text ?? `${component} is in trouble`;
  if (!isCompared(input, component)) {
    return unknown(
      `no checkpoint holds the state of ${component}, ` +
        `so it is not known whether it changed; ${look}`,
    );
  }
  const same =
    first.change === undefined
      ? `nothing of ${component} differs from ${input.comparison.checkpoint}`
      : `what changed in ${component} came after ${onsetName(input)}`;
  return no(`${same}; look at this: ${look}`);
}

function adviseForChange(
  input: DiagnosisInput,
  first: Case,
  cases: readonly Case[],
  verdict: SuspectVerdict,
): RollbackAdvice {
  const { component, change } = first;
  const chosen = recommend(input, [first]);
  if (chosen === undefined) return unknown(whyNowhere(input, first));
  const changes = change?.changes ?? [];
  const stuck = changes.filter((seen) => seen.change.reversible === 'no');
  if (stuck.length > 0) {
    return unknown(
      `the change in ${component} fits, but ${paths(stuck)} cannot be taken back`,
      chosen,
    );
  }
  if (change?.order?.word === 'cannot tell' && change.order.seemsAfter) {
    return unknown(`the change in ${component} fits, but it came ${change.order.text}`, chosen);
  }
  if (change?.relation === 'beneath') {
    const failing = change.failing?.component ?? 'what stands on it';
    return unknown(
      `${component} changed, and ${failing}, which stands on it, fails without a change of its ` +
        `own: see whether the difference explains it; ${chosen.why}`,
      chosen,
    );
  }
  if (change?.relation !== 'itself') {
    const failing = change?.failing?.component ?? 'another component';
    return unknown(
      `${component} changed, but it is ${failing} that fails by itself; ${chosen.why}`,
      chosen,
    );
  }
  const [, rival] = cases;
  const isRivalled = rival !== undefined && rival.score * RIVAL_MARGIN >= first.score;
  if (isRivalled && rival.kind !== 'change') {
    return unknown(
      `the change in ${component} fits, ` +
        `but ${rival.component} is in as much trouble without one; ${chosen.why}`,
      chosen,
    );
  }
  if (verdict !== 'LIKELY' && !isRivalled) {
    return unknown(
      `the change in ${component} may be behind it, but the evidence is thin; ${chosen.why}`,
      chosen,
    );
  }
  const then = change.order?.word === 'cannot tell' ? 'when' : 'before';
  const why = `it takes back what changed in ${component} ${then} it failed (${paths(changes)})`;
  return { helps: 'yes', why: `${why}; ${chosen.why}`, ...choice(chosen) };
}

/** Why a change that fits has no checkpoint to go back to. */
function whyNowhere(input: DiagnosisInput, first: Case): string {
  const fits = `the change in ${first.component} fits`;
  if (isOnlyCompared(input, first)) {
    const byHand = words(first.change?.changes ?? []);
    const what = `${fits}, but its state is only compared, never restored`;
    return `${what}: take it back by hand (${byHand})`;
  }
  if (input.checkpoints.length === 0) return `${fits}, but there is no checkpoint to go back to`;
  const before = clock(input.incident.from);
  return `${fits}, but no restorable checkpoint of it from before ${before} is left`;
}

/** Whether checkpoints hold what changed, but none of them to be restored. */
function isOnlyCompared(input: DiagnosisInput, { change }: Case): boolean {
  const states = new Set((change?.changes ?? []).map((seen) => seen.change.state));
  const captures = input.checkpoints
    .flatMap(({ manifest }) => manifest.captures)
    .filter(({ state }) => states.has(state));
  return captures.length > 0 && captures.every(({ compareOnly }) => compareOnly);
}

/** The first few changes in their own words. */
function words(changes: readonly SeenChange[]): string {
  const named = changes.slice(0, PATHS_MAX).map(({ change }) => change.words ?? change.path);
  const more = changes.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : list(named);
}

function recommend(input: DiagnosisInput, cases: readonly Case[]): Recommendation | undefined {
  const changes = cases.flatMap((one) => one.change?.changes ?? []);
  return recommendCheckpoint({
    checkpoints: input.checkpoints,
    before: surelyNotAfter(input, beginning(input)),
    states: [...new Set(changes.map(({ change }) => change.state))],
    ...(input.current === undefined ? {} : { current: input.current }),
  });
}

function paths(
  changes: readonly { readonly change: { readonly state: string; readonly path: string } }[],
): string {
  const named = changes.slice(0, PATHS_MAX).map(({ change }) => `${change.state}:${change.path}`);
  const more = changes.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : list(named);
}

function no(reason: string): RollbackAdvice {
  return { helps: 'no', why: `rolling back will not help: ${reason}` };
}

function unknown(why: string, chosen?: Recommendation): RollbackAdvice {
  return { helps: 'unknown', why, ...choice(chosen) };
}

function choice(
  chosen: Recommendation | undefined,
): Pick<RollbackAdvice, 'checkpoint' | 'runnerUp' | 'whySecond'> {
  if (chosen === undefined) return {};
  const { checkpoint, runnerUp, whySecond } = chosen;
  return {
    checkpoint: checkpoint.id,
    ...(runnerUp === undefined ? {} : { runnerUp: runnerUp.id }),
    ...(whySecond === undefined ? {} : { whySecond }),
  };
}
