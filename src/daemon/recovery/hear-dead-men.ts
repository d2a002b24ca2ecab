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
    notify({ ...noticeOf(news), run: news.run, id: `${news.run}: dead-man ${news.now}` });
  });
}

function noticeOf({ run, now, why }: DeadManNews): Omit<RunNotice, 'run' | 'id'> {
  if (now === 'replaced') {
    const title = `Rollback ${run} has a new dead-man`;
    return { urgency: 'warning', title, text: `${why}; another one watches until the deadline.` };
  }
  return {
    urgency: 'critical',
    title: `Rollback ${run} has no dead-man`,
    text: `${why}. Only this daemon takes it back now; another one is tried for on and on.`,
  };
}
