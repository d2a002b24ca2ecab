import { LabFailure } from '../stage/lab-failure.ts';
import { deviceOf, nameOf } from './device-of.ts';
import type { Fault } from './fault.ts';
import { percentOf } from './percent-of.ts';
import { queueDiscipline } from './queue-discipline.ts';
import { requirePart } from './require-part.ts';

/** How long those wait that are overtaken. */
const delay = '20ms';

/** Packets overtake each other. Nothing but netem does that, so it is refused without. */
export const reorder: Fault = {
  name: 'reorder',
  usage: '[--on r1/ge1] [--percent 30]',
  summary: 'packets that leave the device overtake others (needs netem in the kernel)',
  options: ['on', 'percent'],
  plan: async (call) => {
    requirePart(call, 'namespaces');
    const { stage } = call;
    const end = deviceOf(call.option('on') ?? 'r1/ge1');
    const percent = percentOf(call, '30');
    const words = ['netem', 'delay', delay, 'reorder', `${percent}%`];
    return {
      what: `${percent} % of the packets that leave ${nameOf(end)} overtake the others`,
      undo: [{ kind: 'command', command: queueDiscipline(stage, end, 'noqueue') }],
      make: async () => {
        const { code, stderr } = await stage.attempt(queueDiscipline(stage, end, ...words));
        if (code === 0) return;
        throw new LabFailure(`packets cannot be reordered without netem: ${stderr.trim()}`);
      },
    };
  },
};
