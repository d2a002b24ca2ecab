import { err, type Result } from '../../../src/base/result.ts';
import { lgError } from '../../../src/model/errors/lg-error.ts';
import type { RunWorld } from '../../../src/model/run/run-world.ts';
import type { Hosts } from './hosts.ts';
import type { VirtualClock } from './virtual-clock.ts';

/**
 * What is otherwise in a world while hosts are away: what is asked of one that is gone is refused
 * at once, and what was asked before it went may have been done, but nobody hears of it.
 */
export function awayWorld(
  world: RunWorld,
  hosts: Hosts,
  clock: VirtualClock,
): Pick<RunWorld, 'preflight' | 'observe' | 'apply' | 'deadMan'> {
  const isAway = (id: string): boolean => clock.trueMs < hosts.find(id).awayUntil;
  const reach = async <Value>(
    id: string,
    ask: () => Promise<Result<Value>>,
  ): Promise<Result<Value>> => {
    const gone = err(lgError('LG_RUNTIME_HOST_DOWN', `${id} is away`));
    if (isAway(id)) return gone;
    const answer = await ask();
    return isAway(id) ? gone : answer;
  };
  const { deadMan } = world;
  return {
    preflight: (id, ...rest) => reach(id, () => world.preflight(id, ...rest)),
    observe: (id, ...rest) => reach(id, () => world.observe(id, ...rest)),
    apply: (by, step, ...rest) => reach(step.state, () => world.apply(by, step, ...rest)),
    deadMan: {
      arm: (by, order) => reach(order.state, () => deadMan.arm(by, order)),
      extend: (by, id, seconds) => reach(id, () => deadMan.extend(by, id, seconds)),
      disarm: (by, id) => reach(id, () => deadMan.disarm(by, id)),
      confirm: (by, id) => reach(id, () => deadMan.confirm(by, id)),
      pending: (id) => reach(id, () => deadMan.pending(id)),
    },
  };
}
