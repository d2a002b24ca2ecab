import { formatDuration } from '../../base/time.ts';
import type { Problem } from '../../api/contract.ts';
import { withoutYoungGood } from '../../recovery/checkpoint/good-age.ts';
import type { Core } from '../core.ts';

/** More are counted: it is one sentence. */
const NAMED_MAX = 3;

/** That a rollback would have nothing young and good to go to; undefined when it has. */
export function goodProblem({
  checkpoints,
  inventory,
  config,
  clock,
}: Pick<Core, 'checkpoints' | 'inventory' | 'config' | 'clock'>): Problem | undefined {
  const { warnAfter } = config().checkpoints;
  if (warnAfter === false) return undefined;
  const states = inventory().states.map(({ id }) => id);
  const views = checkpoints.catalogue.list();
  const missing = withoutYoungGood(views, states, warnAfter, clock.now());
  if (missing.length === 0) return undefined;
  const named = missing.slice(0, NAMED_MAX).join(', ');
  const more = missing.length > NAMED_MAX ? ` and ${missing.length - NAMED_MAX} more` : '';
  return {
    what: `no good checkpoint of the last ${formatDuration(warnAfter)} holds ${named}${more}`,
    mend: '`lastgood checkpoint list` says why none is good; the limit is checkpoints.warnAfter',
  };
}
