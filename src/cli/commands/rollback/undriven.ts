import { parseRfc3339, toUnixMs, toSecond } from '../../../base/time.ts';
import type { CallAnswer } from '../../../api/client.ts';
import { fromDataDirectory, type WithoutDaemon } from '../../offline/read-without-daemon.ts';

type Undriven = NonNullable<CallAnswer<'runShow'>['undriven']>;

/**
 * A run as the data directory tells it where no daemon runs, with a note of what that is worth: a
 * journal does not hear what a dead-man did meanwhile.
 */
export const shownUndriven: WithoutDaemon<'runShow'> = async (invocation, input) => {
  const run = await fromDataDirectory('runShow')(invocation, input);
  if (run.undriven !== undefined) {
    invocation.screen.note(undrivenWords(run.run, run.deadline, Date.now(), run.undriven));
  }
  return run;
};

/** What becomes of a run that no daemon drives; `deadline` is RFC 3339, `nowMs` since 1970. */
export function undrivenWords(
  run: string,
  deadline: string | undefined,
  nowMs: number,
  undriven: Undriven,
): string {
  const start = 'lastgood up';
  const at = parseRfc3339(deadline ?? '');
  if (at === undefined) {
    return `nobody drives ${run}: it was not armed yet, and ${start} ends it truthfully`;
  }
  const second = toSecond(deadline ?? '');
  const keep = `to keep it, start the daemon before then: ${start}`;
  const isOver = nowMs >= toUnixMs(at);
  const { deadMan, why, found = [], revertsAt } = undriven;
  const back = toSecond(revertsAt ?? deadline ?? '');
  const passed = `the deadline of ${run} ${isOver ? 'passed' : 'passes'} at ${second}`;
  switch (deadMan) {
    case 'reverted':
      return found.every((one) => one.at === 'before')
        ? `nobody drives ${run}: its dead-man has taken it back; ${start} tells how it ended`
        : `nobody drives ${run}: its dead-man has taken back what it could; ${start} goes on there`;
    case 'reverting':
      return `nobody drives ${run}: its dead-man is taking it back now`;
    case 'watching':
      return isOver
        ? `${passed} while nobody drove it: its dead-man takes it back at ${back}`
        : `nobody drives ${run}: its dead-man, which watches, takes it back at ${back}; to keep ` +
            `it, start the daemon before ${second}: ${start}`;
    case 'gone':
      return (
        `${passed} and nobody drives it: its dead-man does not run any more and has taken ` +
        `nothing back; ${isOver ? `${start} takes it back` : keep}`
      );
    case 'unknown':
      return isOver
        ? `${passed} while nobody drove it: whether its dead-man has taken it back is not known ` +
            `here (${why ?? 'no word of it'}); ${start} tells how it ended`
        : `nobody drives ${run}: it is taken back at ${second}; ${keep}`;
  }
}

/** Where the states of such a run are: as its dead-man left them, else as the journal last knew. */
export function undrivenStates(
  progress: CallAnswer<'runShow'>['progress'],
  { found = [], journalAt }: Undriven,
): CallAnswer<'runShow'>['progress'] {
  return progress.map((one) => {
    const left = found.find(({ state }) => state === one.state);
    if (left !== undefined) return { ...one, at: left.at, report: LEFT[left.at] };
    const moment = toSecond(journalAt);
    return { ...one, report: `${one.report}, as the journal last knew it at ${moment}` };
  });
}

const LEFT = {
  before: 'put back by its dead-man, as before the run',
  foreign: 'changed by somebody else; its dead-man left it alone',
  unknown: 'its dead-man could not put it back',
} as const;
