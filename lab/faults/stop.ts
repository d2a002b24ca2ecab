import type { Fault } from './fault.ts';
import { processOf } from './process-of.ts';

/** The process stands still: it is there and answers nobody. */
export const stop: Fault = {
  name: 'stop',
  usage: '--on PART/PROCESS',
  summary: 'a process stands still (SIGSTOP)',
  options: ['on'],
  plan: async (call) => {
    const { part, name, identity } = await processOf(call);
    return {
      what: `${part}/${name} stands still`,
      undo: [{ kind: 'signal', signal: 'SIGCONT', identity }],
      make: async () => void process.kill(identity.pid, 'SIGSTOP'),
    };
  },
};
