import { LabFailure } from '../stage/lab-failure.ts';
import { deviceOf, nameOf } from './device-of.ts';
import type { Fault } from './fault.ts';
import { requirePart } from './require-part.ts';

/** Packets vanish at random, in a table of its own: to nftables this is a change as any other. */
export const loss: Fault = {
  name: 'loss',
  usage: '[--on r1/ge1] [--percent 30]',
  summary: 'packets that arrive at the device are dropped at random',
  options: ['on', 'percent'],
  plan: async (call) => {
    requirePart(call, 'namespaces');
    const { stage, option } = call;
    const end = deviceOf(option('on') ?? 'r1/ge1');
    const percent = Number(option('percent') ?? '30');
    if (!(percent > 0 && percent <= 100)) {
      throw new LabFailure(`--percent ${option('percent')}: want a number from 1 to 100`);
    }
    const table = `inet lab_loss_${end.device}`;
    const nft = ['ip', 'netns', 'exec', stage.namespace(end.namespace), 'nft'] as const;
    const hook = 'type filter hook prerouting priority -500;';
    const rule = `iifname "${end.device}" numgen random mod 100 < ${percent} drop`;
    return {
      what: `${percent} % of the packets that arrive at ${nameOf(end)} are lost`,
      // Adding it first makes the deletion good whether it is there or not.
      undo: [{ kind: 'command', command: [...nft, `add table ${table}; delete table ${table}`] }],
      make: async () => {
        await stage.run([...nft, `table ${table} { chain lost { ${hook} ${rule}; }; }`]);
      },
    };
  },
};
