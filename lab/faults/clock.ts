import { LabFailure } from '../stage/lab-failure.ts';
import { clockFileOf, setClock } from '../stage/own-clock.ts';
import type { Fault } from './fault.ts';
import { processOf } from './process-of.ts';

/** The wall clock of one process is set apart from the host's; its monotonic clock stays. */
export const clock: Fault = {
  name: 'clock',
  usage: '--on PART/PROCESS [--by +37s]',
  summary: 'the wall clock of a process that has its own is set apart from the host',
  options: ['on', 'by'],
  plan: async (call) => {
    const target = await processOf(call);
    const offset = call.option('by') ?? '+37s';
    if (!/^[+-]\d+[smhd]?$/.test(offset)) throw new LabFailure(`--by ${offset}: want +37s or -2m`);
    const file = clockFileOf(target.identity.pid);
    if (file === undefined) {
      throw new LabFailure(`${target.part}/${target.name} was started on the host's clock`);
    }
    return {
      what: `the clock of ${target.part}/${target.name} is ${offset} off`,
      undo: [{ kind: 'command', command: ['sh', '-c', 'echo +0 > "$0"', file] }],
      make: async () => setClock(file, `${offset}\n`),
    };
  },
};
