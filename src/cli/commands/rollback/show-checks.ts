import type { CallAnswer } from '../../../api/client.ts';
import { harmless, paint } from '../../screen/paint.ts';
import type { Screen } from '../../screen/screen.ts';

type Checks = NonNullable<CallAnswer<'runShow'>['checks']>;

/** As many as fit on a screen together, those that are not green first; --json has all of them. */
const LISTED_MAX = 20;

/** Prints the guards and goals as they were asked last: what to look at before deciding. */
export function showChecks(checks: Checks, screen: Screen): void {
  const sorted = checks.toSorted((a, b) => RANK[a.color] - RANK[b.color]);
  for (const { role, check, component, color, seen } of sorted.slice(0, LISTED_MAX)) {
    const tone = color === 'green' ? 'good' : color === 'red' ? 'bad' : 'warn';
    // The name of a health check begins with its component; that of a trigger does not.
    const name = check.startsWith(`${component}:`) ? check : `${component}: ${check}`;
    const words = `${name}: ${seen}`;
    screen.out(`  now ${paint(screen, tone, color)}  ${role}  ${harmless(words)}`);
  }
  const more = sorted.length - LISTED_MAX;
  if (more > 0) screen.out(`  now and ${more} more, which --json names`);
}

const RANK = { red: 0, unknown: 1, green: 2 } as const;

/** The colors of a run that waits for a person, for telling whether they are others than before. */
export function checkColors({ state, checks = [] }: CallAnswer<'runShow'>): string {
  return state === 'AWAITING_CONFIRM' ? checks.map(({ color }) => color).join(' ') : '';
}
