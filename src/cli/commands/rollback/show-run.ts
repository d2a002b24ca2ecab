import type { CallAnswer } from '../../../api/client.ts';
import { LOOKED_WORDS } from '../../../api/contract/check-words.ts';
import { toSecond } from '../../../base/time.ts';
import { isTerminal } from '../../../model/run/run.ts';
import { AUTOMATIC } from '../../../model/access/principal.ts';
import type { Screen } from '../../screen/screen.ts';
import { harmless, paint } from '../../screen/paint.ts';
import { tellWord } from './second-word.ts';
import { showChecks, timeOf } from './show-checks.ts';
import { showHistory } from './show-history.ts';
import { showReport } from './show-report.ts';
import { confirmWithin } from './show-started.ts';
import { undrivenStates } from './undriven.ts';

/** A run as it is asked for. */
export type Run = CallAnswer<'runShow'>;

/** Prints where each state stands, and when it was read last where it is read again. */
export function showProgress({ progress }: Run, screen: Screen): void {
  for (const { state, at, report, readAt } of progress) {
    const when = readAt === undefined ? '' : `, ${LOOKED_WORDS.state} ${timeOf(readAt)}`;
    const words = `  ${state}  ${at}  ${harmless(report)}${when}`.trimEnd();
    screen.out(at === 'foreign' || at === 'torn' ? paint(screen, 'bad', words) : words);
  }
}

/** Says what a decision comes to where somebody has changed what the run left. */
export function tellOutlook({ outlook }: Run, screen: Screen): void {
  if (outlook !== undefined) screen.out(`  ${paint(screen, 'bad', harmless(outlook))}`);
}

/** Which batch a run is in, or how far it came; nothing where there is only one. */
export function batchWords({ batch: { number, of, components } }: Run): string {
  return of === 1 ? '' : `  batch ${number} of ${of} (${harmless(components.join(', '))})`;
}

/** Says what follows when nobody decides. */
export function tellSilence(run: Run, screen: Screen): void {
  const deadline = run.deadline === undefined ? 'the deadline' : toSecond(run.deadline);
  screen.out(
    run.onSilence === 'revert'
      ? `  silence until ${deadline} goes back`
      : `  no need to answer: kept as soon as it has proved healed, else back at ${deadline}`,
  );
}

/** Prints the two commands that end a run that waits for a word. */
export function tellChoice(run: string, token: string | undefined, screen: Screen): void {
  const proof = token === undefined ? '' : ` --token ${token}`;
  screen.out(`  keep it:  lastgood rollback confirm ${run}${proof}`);
  screen.out(`  go back:  lastgood rollback cancel ${run}`);
}

/** Prints where a run stands and what can be done about it. */
export function showRun(run: Run, screen: Screen): void {
  const tone = run.state === 'COMMITTED' ? 'good' : isTerminal(run.state) ? 'bad' : 'warn';
  const why = run.why === undefined ? '' : `  ${harmless(run.why)}`;
  screen.out(`${run.run}  ${paint(screen, tone, run.state)}${why}`);
  if (run.requestedBy === AUTOMATIC) {
    screen.out(`  it began by itself, for ${run.incident ?? 'an incident'}: nobody asked for it`);
  }
  const batch = run.state === 'COMMITTED' ? '' : batchWords(run);
  if (batch !== '') screen.out(batch);
  if (run.undriven !== undefined) {
    // Whoever could keep it or take it back does not run: no command is offered that needs him.
    showProgress({ ...run, progress: undrivenStates(run.progress, run.undriven) }, screen);
    return;
  }
  showProgress(run, screen);
  if (run.unread?.holdsAll === true && run.released === undefined) {
    screen.out('  it may hold any state: nothing else begins until somebody has looked');
  }
  if (run.deadline !== undefined && (run.state === 'APPLYING' || run.state === 'VERIFYING')) {
    screen.out(`  to be confirmed until ${toSecond(run.deadline)}`);
  }
  for (const { at, by, until } of run.extensions ?? []) {
    const till = toSecond(until);
    screen.out(`  given more time at ${toSecond(at)} by ${harmless(by)}: until ${till}`);
  }
  for (const { at, by, code, why } of run.refusedConfirms ?? []) {
    screen.out(`  confirm refused at ${toSecond(at)} to ${by}: ${code}, ${harmless(why)}`);
  }
  if (run.report !== undefined) showReport(run.report, screen);
  if (run.history !== undefined) showHistory(run.history, screen);
  if (run.healed !== undefined) screen.out(run.healed ? '  it healed' : '  it did not heal');
  if (run.state === 'COMMITTED') screen.out(`  take it back: lastgood rollback undo ${run.run}`);
  if (run.state === 'AWAITING_APPROVAL') {
    tellWord(run, screen);
    screen.out(`  once approved it is to be confirmed ${confirmWithin(run)}`);
  } else tellWhoAgreed(run, screen);
  showChecks(run.checks ?? [], screen);
  if (run.state === 'AWAITING_CONFIRM') {
    tellOutlook(run, screen);
    const isByItself = run.requestedBy === AUTOMATIC;
    tellChoice(run.run, isByItself ? undefined : 'TOKEN', screen);
    if (!isByItself) screen.out('  TOKEN is what apply printed, and nobody else was told');
    tellSilence(run, screen);
  }
  if (run.state === 'NEEDS_OPERATOR') showNeed(run, screen);
  else showByHand(run, screen);
}

/** Prints a run that somebody decided, and that nobody waits for. */
export function decided(run: Run, screen: Screen): 0 {
  if (screen.isJson) screen.json(run);
  else showRun(run, screen);
  return 0;
}

function tellWhoAgreed({ approval }: Run, screen: Screen): void {
  if (approval?.by !== undefined) screen.out(`  approved by ${harmless(approval.by)}`);
  if (approval?.breakGlass === undefined) return;
  screen.out(`  without a second person, by breaking the glass: ${harmless(approval.breakGlass)}`);
}

/** What is asked of the operator, or how it was decided. */
function showNeed(run: Run, screen: Screen): void {
  if (run.released !== undefined) {
    screen.out(`  left as it is: ${harmless(run.released)}; nothing is locked`);
    return;
  }
  showByHand(run, screen);
  screen.out(
    `  done by hand, or to be left as it is: lastgood rollback resume ${run.run} --to accept`,
  );
  screen.out(
    '  to let lastgood take it back: --to before; to plan the way on from there: --to target',
  );
}

/** What is left for a person; a run that ended well may leave something, too. */
function showByHand({ byHand }: Run, screen: Screen): void {
  if (byHand.length > 0) screen.out('  by hand:');
  for (const line of byHand) screen.out(`    ${harmless(line)}`);
}
