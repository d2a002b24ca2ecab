import type { Finding } from '../../api/contract.ts';
import type { Inventory } from '../recovery/inventory.ts';

/**
 * Components that carry traffic and name no reach probe, where a rollback is kept only by a confirm
 * from another machine. Nothing is wrong with that, but who has only this one should know before.
 */
export function examineReach(inventory: Inventory): readonly Finding[] {
  const carriers = inventory.states.filter(
    (state) =>
      inventory.provider(state).carriesTraffic || inventory.carriesTraffic(state.component),
  );
  const names = new Set(carriers.map(({ component }) => component));
  const unproved = inventory.components.filter(
    ({ name, reach = [] }) => names.has(name) && reach.length === 0,
  );
  return unproved.map(({ name }) => ({
    area: 'reach',
    subject: name,
    ok: true,
    seen:
      'it carries traffic and names no reach probe: a rollback of it is kept only by a confirm ' +
      'from another machine',
    mend: `name what must be reached through it: reach: [ { tcp: "HOST:PORT" } ] under ${name}`,
  }));
}
