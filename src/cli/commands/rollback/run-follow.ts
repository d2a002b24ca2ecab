import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient, CallAnswer } from '../../../api/client.ts';
import { LOOKED_WORDS } from '../../../api/contract/check-words.ts';
import { LastgoodError, type ExitCode } from '../../../base/error.ts';
import { assertUnreachable } from '../../../base/assert.ts';
import { toSecond } from '../../../base/time.ts';
import { isTerminal } from '../../../model/run/run.ts';
import { AUTOMATIC } from '../../../model/access/principal.ts';
import type { Invocation } from '../../invocation.ts';
import type { Screen } from '../../screen/screen.ts';
import { harmless, paint } from '../../screen/paint.ts';
import { tellWord } from './second-word.ts';
import { checkColors, showChecks, timeOf } from './show-checks.ts';
import { showHistory } from './show-history.ts';
import { showReport } from './show-report.ts';
import { undrivenStates } from './undriven.ts';

type Run = CallAnswer<'runShow'>;
type Started = CallAnswer<'planApply'>;

/** Short against the seconds a run takes, long against what one question costs. */
const ASK_EVERY_MS = 200;
/** About a second without an answer: then it is gone. */
const TRIES_MAX = 4;

/** How the process exits when a run has ended like this. */
export function exitOfRun(run: Run): ExitCode {
  switch (run.state) {
    case 'COMMITTED':
      return 0;
    case 'ABORTED':
    case 'REVERTED':
      return 5;
    case 'NEEDS_OPERATOR':
      return 6;
    case 'PLANNED':
    case 'AWAITING_APPROVAL':
    case 'PREPARING':
    case 'APPLYING':
    case 'VERIFYING':
    case 'AWAITING_CONFIRM':
    case 'COMMITTING':
    case 'REVERTING':
      return 1;
    default:
      return assertUnreachable(run.state);
  }
}

/**
 * Prints the token, follows the run to its end and answers its exit code. The run itself does not
 * depend on us: Ctrl-C and a lost daemon end only the watching, and it is said how to go on.
 */
export async function followRun(
  daemon: ApiClient,
  started: Started,
  invocation: Invocation,
): Promise<ExitCode> {
  const { screen } = invocation;
  announce(started, screen);
  const changed = (run: Run): void => showState(run, started, screen);
  // A program hears once of each state, and acts on it once; its colors are there for the asking.
  const checked = ({ checks = [] }: Run): void =>
    screen.isJson ? undefined : showChecks(checks, screen);
  return followToEnd(daemon, started.run, invocation, changed, checked);
}

/** Follows a run to its end, prints it as it ended and answers its exit code. */
export async function followToEnd(
  daemon: ApiClient,
  id: string,
  invocation: Invocation,
  changed: (run: Run) => void = () => undefined,
  checked: (run: Run) => void = () => undefined,
): Promise<ExitCode> {
  const { screen, signal } = invocation;
  let shown = '';
  let colors = '';
  for (;;) {
    const run = await ask(daemon, id, invocation);
    // Read again and found the same is nothing new.
    const standing = run.progress.map(({ state, at, report }) => [state, at, report]);
    const form = JSON.stringify([run.state, standing, run.batch, run.outlook]);
    const now = checkColors(run);
    if (form !== shown && !isTerminal(run.state)) changed(run);
    else if (now !== colors && now !== '') checked(run);
    [shown, colors] = [form, now];
    if (isTerminal(run.state)) {
      if (screen.isJson) screen.json(run);
      else showRun(run, screen);
      return exitOfRun(run);
    }
    await delay(ASK_EVERY_MS, undefined, { signal }).catch(() => {
      screen.note(`stopped watching; ${id} goes on: lastgood rollback status ${id}`);
    });
    if (signal.aborted) return 1;
  }
}

async function ask(
  daemon: ApiClient,
  run: string,
  invocation: Invocation,
  triesLeft = TRIES_MAX,
): Promise<Run> {
  try {
    return await daemon.call('runShow', { run }, { signal: invocation.signal });
  } catch (error) {
    const isLost = error instanceof LastgoodError && error.code === 'LG_API_DAEMON_UNREACHABLE';
    if (isLost && triesLeft > 0 && !invocation.signal.aborted) {
      // The daemon closes older connections on purpose once a run has applied.
      await delay(ASK_EVERY_MS);
      return ask(daemon, run, invocation, triesLeft - 1);
    }
    invocation.screen.note(
      `lost the daemon while ${run} was under way; once it is up again it ends the run ` +
        `truthfully: lastgood rollback status ${run}`,
    );
    throw error;
  }
}

/** Prints the run and its token, the first line with --json. */
export function announce(started: Started, screen: Screen): void {
  if (screen.isJson) {
    screen.json(started);
    return;
  }
  screen.out(`run      ${started.run}`);
  screen.out(`token    ${started.token}   (shown this once)`);
  screen.out(`deadline ${earliest(started)}: confirm ${confirmWithin(started)}`);
}

/** The deadline as far as it is known when a run was only asked for. */
export function earliest({ deadline }: Started): string {
  return deadline === null ? 'counts from the approval' : `${toSecond(deadline)}, or later`;
}

/** How long it can be confirmed; until when is known once it is about to change something. */
export function confirmWithin({ confirmTimeoutMs }: Pick<Started, 'confirmTimeoutMs'>): string {
  return `within ${Math.round(confirmTimeoutMs / 1000)} s, counted from before its first change`;
}

function showState(run: Run, started: Started, screen: Screen): void {
  if (screen.isJson) {
    screen.json(run);
    return;
  }
  const done = run.progress.filter((one) => one.at === 'target').length;
  const batch = run.state === 'APPLYING' ? batchWords(run) : '';
  screen.out(`${run.state}${batch}  ${done} of ${run.progress.length} at the checkpoint`);
  if (run.state === 'AWAITING_APPROVAL') tellWord(run, screen);
  if (run.state === 'AWAITING_CONFIRM') {
    showProgress(run, screen);
    showChecks(run.checks ?? [], screen);
    tellOutlook(run, screen);
    tellChoice(run.run, started.token, screen);
    tellSilence(run, screen);
  }
}

/** Prints where each state stands, and when it was read last where it is read again. */
function showProgress({ progress }: Run, screen: Screen): void {
  for (const { state, at, report, readAt } of progress) {
    const when = readAt === undefined ? '' : `, ${LOOKED_WORDS.state} ${timeOf(readAt)}`;
    const words = `  ${state}  ${at}  ${harmless(report)}${when}`.trimEnd();
    screen.out(at === 'foreign' || at === 'torn' ? paint(screen, 'bad', words) : words);
  }
}

/** Says what a decision comes to where somebody has changed what the run left. */
function tellOutlook({ outlook }: Run, screen: Screen): void {
  if (outlook !== undefined) screen.out(`  ${paint(screen, 'bad', harmless(outlook))}`);
}

/** Which batch a run is in, or how far it came; nothing where there is only one. */
function batchWords({ batch: { number, of, components } }: Run): string {
  return of === 1 ? '' : `  batch ${number} of ${of} (${harmless(components.join(', '))})`;
}

/** Says what follows when nobody decides. */
function tellSilence(run: Run, screen: Screen): void {
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
  if (run.deadline !== undefined && (run.state === 'APPLYING' || run.state === 'VERIFYING')) {
    screen.out(`  to be confirmed until ${toSecond(run.deadline)}`);
  }
  for (const { at, by, until } of run.extensions ?? []) {
    screen.out(`  given more time at ${at.slice(0, 19)}Z by ${harmless(by)}: until ${until}`);
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
