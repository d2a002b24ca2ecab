import { join } from 'node:path';
import { registry } from '../parts/registry.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import { clockFileOf, setClock, withOwnClock } from '../stage/own-clock.ts';
import { findLaunched } from '../stage/relaunch.ts';
import type { Stage } from '../stage/stage.ts';
import type { Undo } from '../stage/thing.ts';
import { takeStep } from '../stage/undo.ts';
import type { Fault, FaultCall, FaultPlan } from './fault.ts';
import { processOf, type TargetProcess } from './process-of.ts';

/**
 * The wall clock of one process is set apart from the host's; its monotonic clock stays. One that
 * was started on the host's clock is started again with a clock of its own, and back when cleared.
 */
export const clock: Fault = {
  name: 'clock',
  usage: '--on PART/PROCESS [--by +37s]',
  summary: 'the wall clock of a process is apart from the host; most are started again for it',
  options: ['on', 'by'],
  plan: async (call) => {
    const target = await processOf(call);
    const offset = call.option('by') ?? '+37s';
    if (!/^[+-]\d+[smhd]?$/.test(offset)) throw new LabFailure(`--by ${offset}: want +37s or -2m`);
    const what = `the clock of ${target.part}/${target.name} is ${offset} off`;
    const file = clockFileOf(target.identity.pid);
    if (file === undefined) return startOnOwnClock(call, target, { what, offset });
    return {
      what,
      undo: [{ kind: 'command', command: ['sh', '-c', 'echo +0 > "$0"', file] }],
      make: async () => setClock(file, `${offset}\n`),
    };
  },
};

async function startOnOwnClock(
  { stage, book }: FaultCall,
  target: TargetProcess,
  { what, offset }: { readonly what: string; readonly offset: string },
): Promise<FaultPlan> {
  const { part, name: process, identity } = target;
  const { command } = findLaunched(book, part, process).launched.program;
  const obstacle = await obstacleOf(stage, identity.pid);
  if (obstacle !== undefined) {
    throw new LabFailure(`${part}/${process} can have no clock of its own: ${obstacle}`);
  }
  const file = join(stage.partFolder(), `${part}-${process}.clock`);
  const scene = { place: stage, book, parts: registry };
  const by = (words: typeof command): Undo => ({ kind: 'run-by', part, process, command: words });
  return {
    what,
    undo: [by(command)],
    make: async () => {
      const clocked = withOwnClock(file, command);
      setClock(file, `${offset}\n`);
      await takeStep(scene, by(clocked));
    },
  };
}

/** Why libfaketime could not tell a program another time; undefined when it could. */
async function obstacleOf({ attempt }: Stage, pid: number): Promise<string | undefined> {
  const isGo = await attempt(['grep', '-qaF', 'Go buildinf:', `/proc/${pid}/exe`]);
  if (isGo.code === 0) return 'a program in Go asks the kernel for the time';
  const hasJemalloc = await attempt(['grep', '-q', 'libjemalloc', `/proc/${pid}/maps`]);
  // It asks for the time at its first allocation, which is libfaketime's, and both wait for ever.
  if (hasJemalloc.code === 0) return 'with jemalloc it would hang under libfaketime at its start';
  return undefined;
}
