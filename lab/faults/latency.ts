import { deviceOf, nameOf } from './device-of.ts';
import type { Fault } from './fault.ts';
import { queueDiscipline } from './queue-discipline.ts';
import { requirePart } from './require-part.ts';

/**
 * Packets leave late: each one where the kernel has netem; else the pipe is made narrow, and those
 * wait that have to queue.
 */
export const latency: Fault = {
  name: 'latency',
  usage: '[--on r1/ge1] [--by 200ms]',
  summary: 'packets leave the device late',
  options: ['on', 'by'],
  plan: async (call) => {
    requirePart(call, 'namespaces');
    const { stage, option } = call;
    const end = deviceOf(option('on') ?? 'r1/ge1');
    const delay = option('by') ?? '200ms';
    return {
      what: `packets leave ${nameOf(end)} up to ${delay} late`,
      undo: [{ kind: 'command', command: queueDiscipline(stage, end, 'noqueue') }],
      make: async () => {
        const exact = await stage.attempt(queueDiscipline(stage, end, 'netem', 'delay', delay));
        if (exact.code === 0) return;
        const narrow = ['tbf', 'rate', '200kbit', 'burst', '2k', 'latency', delay];
        await stage.run(queueDiscipline(stage, end, ...narrow));
      },
    };
  },
};
