import type { CallAnswer } from '../../../api/client.ts';
import { counted } from '../../../base/counted.ts';
import { harmless } from '../../screen/paint.ts';
import type { Screen } from '../../screen/screen.ts';

type Report = NonNullable<CallAnswer<'runShow'>['report']>;

/** As many of a kind as fit on a screen together; --json has all of them. */
const LISTED_MAX = 20;

/** Items of one state that one cause explains are named up to so many, else a few are examples. */
const EACH_MAX = 3;

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
  const causes = [...Map.groupBy(lines, ({ state, why }) => JSON.stringify([state, why])).values()];
  const told = causes.flatMap(causeLines);
  for (const text of told.slice(0, LISTED_MAX)) screen.out(`    ${kind}  ${harmless(text)}`);
  const more = told.length - LISTED_MAX;
  if (more > 0) screen.out(`    ${kind}  and ${more} more, which --json names`);
}

/** One foreign item keeps hundreds of a state from being judged: that is one cause, told once. */
function causeLines(lines: readonly Line[]): readonly string[] {
  const [first] = lines;
  if (first?.why === undefined || lines.length <= EACH_MAX) return lines.map(lineText);
  const { state, why } = first;
  const few = lines.slice(0, EACH_MAX).map(({ path }) => path);
  const rest = `and ${lines.length - EACH_MAX} more, which --json names`;
  return [`${counted(lines.length, 'item')} of ${state}: ${why}: ${few.join(', ')} ${rest}`];
}

function lineText({ state, path, why }: Line): string {
  const name = path === '' ? state : `${state} ${path}`;
  return why === undefined ? name : `${name}: ${why}`;
}
