import type { CallAnswer } from '../../../api/client.ts';
import { harmless } from '../../screen/paint.ts';
import type { Screen } from '../../screen/screen.ts';

type Report = NonNullable<CallAnswer<'runShow'>['report']>;

/** As many of a kind as fit on a screen together; --json has all of them. */
const LISTED_MAX = 20;

/** Prints what became of each item: how many of each kind, then all but the equal ones by name. */
export function showReport(report: Report, screen: Screen): void {
  const equal = report.equal.reduce((sum, { items }) => sum + items, 0);
  const { changed, skipped, failed } = report;
  screen.out(
    `  items: ${changed.length} changed, ${equal} already equal, ${skipped.length} skipped, ` +
      `${failed.length} failed`,
  );
  list('failed ', failed, screen);
  list('skipped', skipped, screen);
  list('changed', changed, screen);
}

interface Line {
  readonly state: string;
  readonly path: string;
  readonly why?: string;
}

function list(kind: string, lines: readonly Line[], screen: Screen): void {
  for (const { state, path, why } of lines.slice(0, LISTED_MAX)) {
    const name = path === '' ? state : `${state} ${path}`;
    const reason = why === undefined ? '' : `: ${why}`;
    screen.out(`    ${kind}  ${harmless(name + reason)}`);
  }
  const more = lines.length - LISTED_MAX;
  if (more > 0) screen.out(`    ${kind}  and ${more} more, which --json names`);
}
