import type { ApiClient, CallAnswer } from '../../../api/client.ts';
import { counted } from '../../../base/counted.ts';
import { harmless } from '../../screen/paint.ts';
import type { Screen } from '../../screen/screen.ts';

type Run = CallAnswer<'runShow'>;
type Change = CallAnswer<'checkpointDiff'>['changes'][number];

/** As many as a person looks at; `checkpoint diff` has the rest. */
const NAMED_MAX = 5;

/**
 * What somebody else wrote where a run stopped: it is neither as before the run nor as its target,
 * so no way back is taken over it. [] where nothing of that kind is seen now.
 */
export async function foreignItems(daemon: ApiClient, run: Run): Promise<readonly Change[]> {
  const { before, target, progress } = run;
  const states = progress.filter(({ at }) => at === 'foreign').map(({ state }) => state);
  if (run.state !== 'NEEDS_OPERATOR' || run.released !== undefined) return [];
  if (before === undefined || states.length === 0) return [];
  const [fromBefore, fromTarget] = await Promise.all(
    [before, target].map((id) => daemon.call('checkpointDiff', { id, other: 'now' })),
  );
  const ours = new Set(fromTarget?.changes.map(nameOf));
  const found = fromBefore?.changes ?? [];
  return found.filter((one) => states.includes(one.state) && ours.has(nameOf(one)));
}

function nameOf({ state, path }: Change): string {
  return JSON.stringify([state, path]);
}

/** Says what is in the way of going back, and every way out; nothing was tried. */
export function tellForeign(run: Run, items: readonly Change[], screen: Screen): void {
  const { before = '' } = run;
  const count = counted(items.length, 'item');
  screen.out(`${run.run} is not taken back, and nothing was changed: somebody else wrote ${count}`);
  for (const { state, path, op } of items.slice(0, NAMED_MAX)) {
    const now = op === 'delete' ? 'removed' : op === 'create' ? 'made' : 'changed';
    screen.out(
      `  ${harmless(`${state} ${path}`)}: ${now}, and not as before the run or wanted by it`,
    );
  }
  const more = items.length - NAMED_MAX;
  const all = `lastgood checkpoint diff ${before}`;
  screen.out(`  ${more > 0 ? `and ${more} more; ` : ''}what differs from before the run: ${all}`);
  const accept = `lastgood rollback resume ${run.run} --to accept`;
  for (const [wish, way] of [
    ['keep it, and all else as it is', accept],
    [
      'overwrite it with the target',
      `lastgood rollback resume ${run.run} --to target, which prints the plan to look at`,
    ],
    ['overwrite it with what was before', `${accept}, then lastgood rollback plan ${before}`],
    ['put it right yourself', `make those items as before, then --to before goes on`],
  ]) {
    screen.out(`  ${wish}: ${way}`);
  }
}
