import type { RunNotice } from '../../model/run/run-world.ts';
import type { Rollbacks } from '../../recovery/rollback/rollbacks.ts';
import type { DeadManNews } from '../../runner/deadman/dead-man-news.ts';
import type { Hosts } from '../host/hosts.ts';

/** Tells people of dead-men that ended before their time, for runs that are under way. */
export function hearDeadMen(
  hosts: Pick<Hosts, 'hearDeadMen'>,
  rollbacks: Pick<Rollbacks, 'active'>,
  notify: (notice: RunNotice) => void,
): void {
  hosts.hearDeadMen((news) => {
    if (!rollbacks.active().some(({ run }) => run === news.run)) return;
    const id = `${news.run}: dead-man of ${news.over} ${news.now}`;
    notify({ ...noticeOf(news), run: news.run, id });
  });
}

function noticeOf({ run, over, now, why }: DeadManNews): Omit<RunNotice, 'run' | 'id'> {
  const { whom, left } = WORDS[over];
  if (now === 'replaced') {
    const title = `Rollback ${run} has a new dead-man${whom}`;
    return { urgency: 'warning', title, text: `${why}; another one watches until the deadline.` };
  }
  return {
    urgency: 'critical',
    title: `Rollback ${run} has no dead-man${whom}`,
    text: `${why}. Only ${left} now; another one is tried for on and on.`,
  };
}

/** Who does it while there is none. */
const WORDS: Readonly<
  Record<DeadManNews['over'], { readonly whom: string; readonly left: string }>
> = {
  states: { whom: '', left: 'this daemon takes it back' },
  writers: { whom: ' for its writers', left: 'the host runner lets them go on' },
};
