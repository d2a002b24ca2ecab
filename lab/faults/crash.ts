import type { Fault } from './fault.ts';
import { processOf } from './process-of.ts';

/** The process is gone from one moment to the next; clearing starts it again. */
export const crash: Fault = {
  name: 'crash',
  usage: '--on PART/PROCESS',
  summary: 'a process dies (SIGKILL); clearing starts it again',
  options: ['on'],
  plan: async (call) => {
    const { part, name, identity } = await processOf(call);
    return {
      what: `${part}/${name} was killed`,
      undo: [{ kind: 'revive', part, process: name }],
      make: async () => void process.kill(identity.pid, 'SIGKILL'),
    };
  },
};
