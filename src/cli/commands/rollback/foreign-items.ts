import type { CallAnswer } from '../../../api/client.ts';
import { counted } from '../../../base/counted.ts';
import { harmless } from '../../screen/paint.ts';
import type { Screen } from '../../screen/screen.ts';

type Run = CallAnswer<'runShow'>;
type Change = CallAnswer<'runForeign'>['changes'][number];

/** As many as a person looks at; `checkpoint diff` has the rest. */
const NAMED_MAX = 5;

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
