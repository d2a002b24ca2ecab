import { LabFailure } from '../stage/lab-failure.ts';
import { limitGroup } from './control-group.ts';
import type { Fault } from './fault.ts';
import { processOf } from './process-of.ts';

/** The period the kernel hands out processor time by, in microseconds. */
const periodUs = 100_000;

/** The process gets a share of one processor and no more. */
export const cpu: Fault = {
  name: 'cpu',
  usage: '--on PART/PROCESS [--percent 20]',
  summary: 'a process gets only a share of one processor',
  options: ['on', 'percent'],
  plan: async (call) => {
    const target = await processOf(call);
    const percent = Number(call.option('percent') ?? '20');
    if (!(percent >= 1)) throw new LabFailure(`--percent ${percent}: want a number from 1`);
    const quota = String(Math.round((periodUs * percent) / 100));
    const name = `${call.stage.prefix}-cpu-${target.identity.pid}`;
    const group = limitGroup(name, target.identity.pid, {
      controller: 'cpu',
      version1: ['cpu.cfs_quota_us', quota],
      version2: ['cpu.max', `${quota} ${periodUs}`],
    });
    return {
      what: `${target.part}/${target.name} gets ${percent} % of one processor`,
      undo: [group.undo],
      make: async () => group.make(),
    };
  },
};
