import type { LastgoodError } from '../../base/error.ts';
import { ok, type Result } from '../../base/result.ts';
import { heldWords, type RunView } from '../../model/run/run.ts';
import type { DarkRuns } from './dark-runs.ts';
import { journalStream } from './journal-codec.ts';
import type { LiveRuns, RollbackDeps } from './live-runs.ts';
import { isOver, type RunArchive } from './run-archive.ts';
import { viewRun } from './run-view.ts';

/** Where every run goes that has not ended when a daemon starts. */
interface Recovery extends Pick<RollbackDeps, 'log' | 'world'> {
  readonly archive: RunArchive;
  readonly live: LiveRuns;
  readonly dark: DarkRuns;
}

/**
 * Takes over every run that has not ended. Answers the views of those taken over, and of those that
 * still wait for an operator.
 */
export async function recoverRuns(recovery: Recovery): Promise<Result<readonly RunView[]>> {
  const { archive, live, log } = recovery;
  const runs = await archive.ids();
  if (!runs.ok) return runs;
  const taken: RunView[] = [];
  const dark: [string, LastgoodError][] = [];
  for (const run of runs.value) {
    const read = await archive.read(run);
    if (!read.ok) {
      // One unreadable journal must not keep the others from being recovered.
      log.error('RunRecoveredError', { stream: journalStream(run), code: read.error.code });
      dark.push([run, read.error]);
      continue;
    }
    if (isOver(read.value.record)) continue;
    live.takeOver(read.value);
    taken.push(viewRun(read.value.record));
  }
  // After the others, which know what they hold and go on with it.
  for (const [run, error] of dark) await tellDark(run, error, recovery);
  return ok(taken);
}

/** A run that nobody can read may hold what it held: people are told, and nothing touches it. */
async function tellDark(
  run: string,
  error: LastgoodError,
  { dark, world }: Recovery,
): Promise<void> {
  const view = await dark.quarantine(run, error);
  if (view === undefined) return;
  world().notify({
    run,
    urgency: 'critical',
    title: `Rollback ${run} cannot be recovered`,
    text: `${view.why ?? ''}. Locked until somebody has looked: ${heldWords(view)}.`,
    id: `${run}: dark`,
  });
}
