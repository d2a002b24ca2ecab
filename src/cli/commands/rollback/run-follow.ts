import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../../../api/client.ts';
import { LastgoodError, type ExitCode } from '../../../base/error.ts';
import { assertUnreachable } from '../../../base/assert.ts';
import { isTerminal } from '../../../model/run/run.ts';
import type { Invocation } from '../../invocation.ts';
import type { Screen } from '../../screen/screen.ts';
import { tellWord } from './second-word.ts';
import { checkColors, showChecks } from './show-checks.ts';
import {
  batchWords,
  showProgress,
  showRun,
  tellChoice,
  tellOutlook,
  tellSilence,
  type Run,
} from './show-run.ts';
import { announce, type Started } from './show-started.ts';

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
