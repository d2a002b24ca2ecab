import type { Command } from '../stage/thing.ts';
import type { FaultCall, FaultPlan } from './fault.ts';
import { requirePart } from './require-part.ts';

const route = 'ip route 10.10.0.0/24 blackhole';

/** r1 is told to swallow what goes to the data center. */
export async function pushFrr(call: FaultCall): Promise<FaultPlan> {
  requirePart(call, 'routers');
  const { stage } = call;
  const name = stage.namespace('r1');
  const configure = (line: string): Command => [
    'ip',
    'netns',
    'exec',
    name,
    'vtysh',
    '-N',
    name,
    '-c',
    'configure terminal',
    '-c',
    line,
  ];
  return {
    what: `r1 was pushed ${route}`,
    undo: [{ kind: 'command', command: configure(`no ${route}`) }],
    make: async () => void (await stage.run(configure(route))),
  };
}
