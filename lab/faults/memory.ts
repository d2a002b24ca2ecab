import { LabFailure } from '../stage/lab-failure.ts';
import { limitGroup } from './control-group.ts';
import type { Fault } from './fault.ts';
import { processOf } from './process-of.ts';

/** The kernel kills the process as soon as what it takes from now on exceeds the limit. */
export const memory: Fault = {
  name: 'memory',
  usage: '--on PART/PROCESS [--megabytes 50]',
  summary: 'a process gets little more memory, and is killed by the kernel when it takes it',
  options: ['on', 'megabytes'],
  plan: async (call) => {
    const target = await processOf(call);
    const megabytes = Number(call.option('megabytes') ?? '50');
    if (!(megabytes > 0)) throw new LabFailure(`--megabytes ${megabytes}: want a number above 0`);
    const bytes = String(Math.round(megabytes * 1024 * 1024));
    const name = `${call.stage.prefix}-memory-${target.identity.pid}`;
    const group = limitGroup(name, target.identity.pid, {
      controller: 'memory',
      version1: ['memory.limit_in_bytes', bytes],
      version2: ['memory.max', bytes],
    });
    return {
      what: `${target.part}/${target.name} gets ${megabytes} MB from now on`,
      undo: [group.undo, { kind: 'revive', part: target.part, process: target.name }],
      make: async () => group.make(),
    };
  },
};
