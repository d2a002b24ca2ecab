import type { CallAnswer } from '../../../api/client.ts';
import { toSecond } from '../../../base/time.ts';
import type { Screen } from '../../screen/screen.ts';

/** What `apply` and `undo` answer. */
export type Started = CallAnswer<'planApply'>;

/** Prints the run and its token, the first line with --json. */
export function announce(started: Started, screen: Screen): void {
  if (screen.isJson) {
    screen.json(started);
    return;
  }
  screen.out(`run      ${started.run}`);
  screen.out(`token    ${started.token}   (shown this once)`);
  screen.out(`deadline ${earliest(started)}: confirm ${confirmWithin(started)}`);
}

/** The deadline as far as it is known when a run was only asked for. */
function earliest({ deadline }: Started): string {
  return deadline === null ? 'counts from the approval' : `${toSecond(deadline)}, or later`;
}

/** How long it can be confirmed; until when is known once it is about to change something. */
export function confirmWithin({ confirmTimeoutMs }: Pick<Started, 'confirmTimeoutMs'>): string {
  return `within ${Math.round(confirmTimeoutMs / 1000)} s, counted from before its first change`;
}
