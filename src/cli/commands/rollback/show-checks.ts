import type { CallAnswer } from '../../../api/client.ts';
import {
  checkName,
  COLOR_WORDS,
  LOOKED_WORDS,
  ROLE_WORDS,
  worstFirst,
} from '../../../api/contract/check-words.ts';
import { harmless, paint } from '../../screen/paint.ts';
import type { Screen } from '../../screen/screen.ts';

type Checks = NonNullable<CallAnswer<'runShow'>['checks']>;

/** As many as fit on a screen together, those that are not green first; --json has all of them. */
const LISTED_MAX = 20;

/** Prints every check of what is touched as it was asked last: what to look at before deciding. */
export function showChecks(checks: Checks, screen: Screen): void {
  const sorted = worstFirst(checks);
  for (const { role, check, component, color, seen, at } of sorted.slice(0, LISTED_MAX)) {
    const tone = color === 'green' ? 'good' : color === 'red' ? 'bad' : 'warn';
    const when = at === undefined ? '' : `, ${LOOKED_WORDS.check} ${timeOf(at)}`;
    const words = `${checkName({ component, check })}: ${seen}${when}`;
    const now = paint(screen, tone, COLOR_WORDS[color]);
    screen.out(`  now ${now}  ${ROLE_WORDS[role]}  ${harmless(words)}`);
  }
  const more = sorted.length - LISTED_MAX;
  if (more > 0) screen.out(`  now and ${more} more, which --json names`);
}

/** The time of day of a moment, as a person compares it with the clock on the wall. */
export function timeOf(at: string): string {
  return `${at.slice(11, 19)}Z`;
}

/** The colors of a run that waits for a person, for telling whether they are others than before. */
export function checkColors({ state, checks = [] }: CallAnswer<'runShow'>): string {
  if (state !== 'AWAITING_CONFIRM') return '';
  return checks.map(({ role, check, color }) => `${role} ${check} ${color}`).join('\n');
}
