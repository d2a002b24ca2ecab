import { deviceOf, nameOf } from './device-of.ts';
import type { Fault } from './fault.ts';
import { ownTable } from './own-table.ts';
import { percentOf } from './percent-of.ts';
import { requirePart } from './require-part.ts';

/** Packets leave twice at random: nftables copies them, which needs no netem. */
export const duplicate: Fault = {
  name: 'duplicate',
  usage: '[--on r1/ge1] [--percent 30]',
  summary: 'packets that leave the device leave it twice at random',
  options: ['on', 'percent'],
  plan: async (call) => {
    requirePart(call, 'namespaces');
    const end = deviceOf(call.option('on') ?? 'r1/ge1');
    const percent = percentOf(call, '30');
    const table = ownTable(call.stage, end.namespace, {
      table: `netdev lab_duplicate_${end.device}`,
      hook: `egress device "${end.device}" priority 0`,
      rule: `numgen random mod 100 < ${percent} dup to "${end.device}"`,
    });
    return {
      what: `${percent} % of the packets that leave ${nameOf(end)} leave it twice`,
      undo: [table.undo],
      make: table.make,
    };
  },
};
