import type { AnnouncedRollback } from '../../model/incident/incident.ts';
import type { OnSilence } from '../../model/run/plan.ts';

/** What is told before a rollback begins by itself, and every way to say no. */
export function announcementText(
  incident: string,
  { components, target, due, plan }: AnnouncedRollback,
  why: string,
  onSilence: OnSilence,
  now: string,
): { readonly title: string; readonly text: string } {
  const who = components.join(', ');
  const seconds = Math.round((Date.parse(due) - Date.parse(now)) / 1000);
  return {
    title: `Will roll back ${who} by itself at ${due.slice(11, 19)} UTC, in ${seconds} s`,
    text: [
      `Why: ${why}.`,
      `It goes back to ${target} by ${plan}, for ${incident}, unless somebody says no before:`,
      `lastgood incident ack ${incident} (you look after it), or`,
      'lastgood rollback automatic off --reason WHY (on its host; works while no daemon runs), or',
      'lastgood hold on --reason WHY (stops every write).',
      AFTERWARDS[onSilence],
    ].join('\n'),
  };
}

const AFTERWARDS: Readonly<Record<OnSilence, string>> = {
  'keep-if-healed': 'Afterwards it stays where it healed and harmed nothing, else it goes back.',
  revert: 'Afterwards somebody confirms it until its deadline, else it goes back.',
};
