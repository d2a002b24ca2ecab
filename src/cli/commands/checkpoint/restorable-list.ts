import type { CallAnswer } from '../../../api/client.ts';
import { isCompareOnly } from '../../../model/checkpoint/checkpoint.ts';
import { harmless } from '../../screen/paint.ts';
import type { Screen } from '../../screen/screen.ts';
import { showTable } from '../../screen/table.ts';

type Checkpoint = CallAnswer<'checkpointList'>['checkpoints'][number];

/** One that only compares, or that cannot be read back, is nothing to go back to. */
const RESTORABLE: ReadonlySet<Checkpoint['status']> = new Set([
  'restorable',
  'good',
  'proven',
  'suspect',
  'bad',
]);

/** Shows what could be restored, newest first, and the command to type for the likeliest. */
export function showRestorable(
  all: readonly Checkpoint[],
  screen: Screen,
  globals: readonly string[],
): void {
  const held = all.filter((one) => RESTORABLE.has(one.status) && !isCompareOnly(one.manifest));
  showTable(
    screen,
    'nothing in this data directory could be restored',
    ['ID', 'STATUS', 'TAKEN (UTC)', 'COMPONENTS', 'WHY'],
    held.map(({ id, status, manifest }) => [
      id,
      status,
      manifest.takenAt.slice(0, 19),
      [...new Set(manifest.captures.map(({ component }) => harmless(component)))].join(', '),
      reasonOf(manifest.reason),
    ]),
  );
  const [newest] = held;
  const likely =
    held.find(({ status }) => status === 'good' || status === 'proven') ??
    held.find(({ manifest }) => manifest.reason.kind !== 'before-rollback') ??
    newest;
  if (likely === undefined) return;
  const command = ['lastgood', 'restore', likely.id, ...globals].join(' ');
  screen.out(`\nsee what it would do:  ${command} --dry-run`);
  screen.out(`then go back:          ${command}`);
}

/** Whoever looks for the way back from a run must find its P. */
function reasonOf(reason: Checkpoint['manifest']['reason']): string {
  return reason.kind === 'before-rollback' ? `before ${reason.run}` : reason.kind;
}
