import { registry } from '../parts/registry.ts';
import { LabFailure } from '../stage/lab-failure.ts';
import { identify, type ProcessIdentity } from '../stage/process-identity.ts';
import { stageOf } from '../stage/stage.ts';
import type { FaultCall } from './fault.ts';

/** A process of a part that a fault is about. */
export type TargetProcess = {
  readonly part: string;
  readonly name: string;
  readonly identity: ProcessIdentity;
};

/** The process named by `--on PART/PROCESS`; PART alone will do where it has but one. */
export async function processOf({ stage, book, option }: FaultCall): Promise<TargetProcess> {
  const text = option('on');
  if (text === undefined) throw new LabFailure('say --on PART/PROCESS, such as routers/r1-zebra');
  const [part = '', name] = text.split('/');
  const launched = book
    .entries()
    .flatMap(({ part: owner, thing }) =>
      owner === part && thing.kind === 'process' ? [thing] : [],
    );
  const found = launched.filter((process) => name === undefined || process.name === name);
  const [only] = found;
  if (only !== undefined && found.length === 1) {
    return { part, name: only.name, identity: only.identity };
  }
  const pid = await registry
    .find((known) => known.name === part)
    ?.findProcess?.(stageOf(stage, book, part), name ?? '');
  const identity = pid === undefined ? undefined : identify(pid);
  if (identity !== undefined) return { part, name: name ?? '', identity };
  const known = launched.map((process) => `${part}/${process.name}`).join(', ');
  throw new LabFailure(`--on ${text}: no such process${known && `; there are ${known}`}`);
}
