import { deviceOf, nameOf } from './device-of.ts';
import type { Fault } from './fault.ts';
import { ownTable } from './own-table.ts';
import { percentOf } from './percent-of.ts';
import { requirePart } from './require-part.ts';

/** Packets vanish at random, by a rule of the firewall. */
export const loss: Fault = {
  name: 'loss',
  usage: '[--on r1/ge1] [--percent 30]',
  summary: 'packets that arrive at the device are dropped at random',
  options: ['on', 'percent'],
  plan: async (call) => {
    requirePart(call, 'namespaces');
    const end = deviceOf(call.option('on') ?? 'r1/ge1');
    const percent = percentOf(call, '30');
    const table = ownTable(call.stage, end.namespace, {
      table: `inet lab_loss_${end.device}`,
      hook: 'prerouting priority -500',
      rule: `iifname "${end.device}" numgen random mod 100 < ${percent} drop`,
    });
    return {
      what: `${percent} % of the packets that arrive at ${nameOf(end)} are lost`,
      undo: [table.undo],
      make: table.make,
    };
  },
};
