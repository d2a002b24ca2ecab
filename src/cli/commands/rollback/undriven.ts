import { parseRfc3339, toUnixMs } from '../../../base/time.ts';
import { isTerminal } from '../../../model/run/run.ts';
import { fromDataDirectory, type WithoutDaemon } from '../../offline/read-without-daemon.ts';

/**
 * A run as the data directory tells it where no daemon runs, with a note of what that is worth: a
 * journal does not hear what a dead-man did meanwhile.
 */
export const shownUndriven: WithoutDaemon<'runShow'> = async (invocation, input) => {
  const run = await fromDataDirectory('runShow')(invocation, input);
  if (!isTerminal(run.state)) {
    invocation.screen.note(undrivenWords(run.run, run.deadline, Date.now()));
  }
  return run;
};

/** What becomes of a run that no daemon drives; `deadline` is RFC 3339, `nowMs` since 1970. */
export function undrivenWords(run: string, deadline: string | undefined, nowMs: number): string {
  const start = 'lastgood up';
  const at = parseRfc3339(deadline ?? '');
  if (at === undefined) {
    return `nobody drives ${run}: it was not armed yet, and ${start} ends it truthfully`;
  }
  const second = `${(deadline ?? '').slice(0, 19)}Z`;
  if (nowMs < toUnixMs(at)) {
    return `nobody drives ${run}: to keep it, ${start} before ${second}; then it is taken back`;
  }
  return (
    `the deadline of ${run} passed at ${second} while nobody drove it: its dead-man has taken it ` +
    `back, or will; what stands below is from before, and ${start} tells how it ended`
  );
}
