import type { Fault } from './fault.ts';
import { ownTable } from './own-table.ts';
import { requirePart } from './require-part.ts';

/**
 * The edge firewall has no room to track one more connection, so it drops each new one. The size of
 * the kernel's table is one for the whole machine, so the limit is a rule that counts its entries;
 * the kernel's own line, "table full, dropping packet", is not written.
 */
export const conntrack: Fault = {
  name: 'conntrack',
  usage: '',
  summary: 'the edge firewall has no room to track a new connection and drops it',
  options: [],
  plan: async (call) => {
    requirePart(call, 'firewall');
    const table = ownTable(call.stage, 'fw', {
      table: 'inet lab_conntrack',
      hook: 'prerouting priority -150',
      rule: 'ct state new ct count over 0 drop',
    });
    return {
      what: 'fw tracks no new connection and drops it',
      undo: [table.undo],
      make: table.make,
    };
  },
};
