import { limitGroup } from './control-group.ts';
import type { Fault } from './fault.ts';
import { processOf } from './process-of.ts';

/** Less than any daemon already holds, so that the kernel finds none larger in the group. */
const bytesMax = String(2 * 1024 * 1024);

/** Joins the group `$0` and takes memory without end; that it is killed too is no failure. */
const greed = 'sh -c \'echo $$ > "$0/cgroup.procs" && exec tail /dev/zero\' "$0"; true';

/**
 * The kernel kills the process because memory has run out: it shares a small control group with a
 * greedy neighbor, and the largest goes first.
 */
export const memory: Fault = {
  name: 'memory',
  usage: '--on PART/PROCESS',
  summary: 'the kernel kills a process because memory has run out; clearing starts it again',
  options: ['on'],
  plan: async (call) => {
    const target = await processOf(call);
    const name = `${call.stage.prefix}-memory-${target.identity.pid}`;
    const group = limitGroup(name, target.identity.pid, {
      controller: 'memory',
      version1: ['memory.limit_in_bytes', bytesMax],
      version2: ['memory.max', bytesMax],
    });
    return {
      what: `memory has run out for ${target.part}/${target.name}`,
      undo: [group.undo, { kind: 'revive', part: target.part, process: target.name }],
      make: async () => {
        group.make();
        await call.stage.run(['sh', '-c', greed, group.folder]);
      },
    };
  },
};
