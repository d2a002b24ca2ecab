import { deviceOf, nameOf } from './device-of.ts';
import type { Fault } from './fault.ts';
import { ownTable, type TableWords } from './own-table.ts';
import { percentOf } from './percent-of.ts';
import { requirePart } from './require-part.ts';

/** What happens to some of the packets at a device, by a table of its own in nftables. */
interface RandomFault {
  readonly name: string;
  readonly summary: string;
  /** What happens to the packets, after "30 % of the packets that". */
  readonly words: (device: string) => string;
  readonly table: (device: string, chance: string) => TableWords;
}

/** A fault that befalls packets at random. */
export function atRandom({ name, summary, words, table }: RandomFault): Fault {
  return {
    name,
    usage: '[--on r1/ge1] [--percent 30]',
    summary,
    options: ['on', 'percent'],
    plan: async (call) => {
      requirePart(call, 'namespaces');
      const end = deviceOf(call.option('on') ?? 'r1/ge1');
      const percent = percentOf(call, '30');
      const chance = `numgen random mod 100 < ${percent}`;
      const made = ownTable(call.stage, end.namespace, table(end.device, chance));
      const what = `${percent} % of the packets that ${words(nameOf(end))}`;
      return { what, undo: [made.undo], make: made.make };
    },
  };
}
