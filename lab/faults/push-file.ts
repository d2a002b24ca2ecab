import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inDc } from '../parts/data-center.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import type { Command } from '../stage/thing.ts';
import type { FaultCall, FaultPlan } from './fault.ts';
import { processOf } from './process-of.ts';

/** A file of a server in the data center, and what becomes of it. */
export type FilePush = {
  /** The part of the server, whose process has its name. */
  readonly part: string;
  readonly file: string;
  /** The text that breaks it, from the one that is there. */
  readonly breakText: (good: string) => string;
  /** What the server itself says to its files before it loads them. */
  readonly check: Command;
  /** Makes it load them. */
  readonly reload: NodeJS.Signals;
  readonly what: string;
};

/** A server loads a file that passes its own check; the old file, loaded again, is the undo. */
export async function pushFile(call: FaultCall, push: FilePush): Promise<FaultPlan> {
  const { part, file, breakText, check, reload, what } = push;
  const { identity } = await processOf({ ...call, option: () => part });
  const good = readFileSync(file, 'utf8');
  const bad = breakText(good);
  if (bad === good) throw new LabFailure(`${file} has nothing to break, or is broken already`);
  const saved = join(call.stage.partFolder(), randomUUID());
  copyFileSync(file, saved);
  return {
    what,
    undo: [
      { kind: 'command', command: ['cp', '--preserve=mode,ownership', saved, file] },
      { kind: 'signal', signal: reload, identity },
    ],
    make: async () => {
      writeFileSync(file, bad);
      await call.stage.run(check, inDc);
      process.kill(identity.pid, reload);
    },
  };
}
