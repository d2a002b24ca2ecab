import type { CallAnswer } from '../../../api/client.ts';
import type { Screen } from '../../screen/screen.ts';
import { harmless, paint } from '../../screen/paint.ts';

/** Prints what differs, under the headings of each state's parts, and what was not compared. */
export function showDiff(diff: CallAnswer<'checkpointDiff'>, screen: Screen): void {
  if (diff.changes.length === 0) {
    const where = diff.notCompared.length === 0 ? '' : ' in what could be compared';
    screen.out(`no differences between ${diff.from} and ${diff.to}${where}`);
  }
  let heading = '';
  for (const change of diff.changes) {
    const { state, section } = change;
    if (section !== undefined && heading !== `${state}: ${section}`) {
      heading = `${state}: ${section}`;
      const count = diff.changes.filter(
        (other) => other.state === state && other.section === section,
      ).length;
      screen.out(paint(screen, 'strong', `${heading} (${count})`));
    }
    showChange(change, screen);
  }
  for (const line of notComparedLines(diff.notCompared)) screen.out(`? ${harmless(line)}`);
}

/** So many states are named where one reason holds for more. */
const NAMED_MAX = 3;

/** One line for each reason: a checkpoint of one component lacks all the others. */
function notComparedLines(
  notCompared: CallAnswer<'checkpointDiff'>['notCompared'],
): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { state, why } of notCompared) {
    byReason.set(why, [...(byReason.get(why) ?? []), state]);
  }
  return [...byReason].map(([reason, states]) => {
    const hidden = states.length - NAMED_MAX;
    const named = states.slice(0, NAMED_MAX).join(', ');
    return `${named}${hidden > 0 ? ` and ${hidden} more` : ''}: ${reason}`;
  });
}

function showChange(change: CallAnswer<'checkpointDiff'>['changes'][number], screen: Screen): void {
  const { op, state, path, secret, words } = change;
  const sign = { create: '+', update: '~', delete: '-' }[op];
  const mark = paint(screen, op === 'create' ? 'good' : op === 'delete' ? 'bad' : 'warn', sign);
  const what = secret ? '  (secret: changed)' : oneLine(change.before, change.after);
  // Below its heading a change with words of its own needs no name of the state.
  screen.out(
    words === undefined
      ? `${mark} ${state}  ${harmless(path)}${what}`
      : `  ${mark} ${harmless(words)}`,
  );
  for (const line of change.text?.trimEnd().split('\n') ?? []) screen.out(`    ${harmless(line)}`);
}

function oneLine(before: string | undefined, after: string | undefined): string {
  if (before === undefined && after === undefined) return '';
  return `  ${harmless(before ?? 'absent')} → ${harmless(after ?? 'absent')}`;
}
