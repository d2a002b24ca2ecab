import type { LastgoodError } from '../../../base/error.ts';
import { fromUnixMs, toRfc3339 } from '../../../base/time.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { deadlineWallMs, type Deadline, type Instant } from '../../../model/run/instant.ts';
import type { Decision, RunEntry } from '../../../model/run/run-journal.ts';
import { foldEntry } from './record.ts';
import type { Act } from './act.ts';
import type { Effect } from './event.ts';
import type { RunMachine, Stage, Stepped } from './machine.ts';

/** Stays where it is, waiting for whatever is awaited. */
export function rest(machine: RunMachine, effects: readonly Effect[] = []): Stepped {
  return { machine, effects, go: false };
}

/** Nothing is awaited any more: the phase is asked what comes next. */
export function goOn(machine: RunMachine, effects: readonly Effect[] = []): Stepped {
  return { machine: withoutDoing(machine), effects, go: true };
}

/** Begins an act and waits for its answer. */
export function begin(
  machine: RunMachine,
  stage: Stage,
  act: Act,
  effects: readonly Effect[] = [],
): Stepped {
  const id = machine.acts + 1;
  return {
    machine: { ...machine, acts: id, doing: { id, stage } },
    effects: [...effects, { kind: 'act', id, act }],
    go: false,
  };
}

/** The machine after an entry, and the effect that makes the entry durable. */
export function write(
  machine: RunMachine,
  entry: RunEntry,
): { readonly machine: RunMachine; readonly effects: readonly Effect[] } {
  return {
    machine: { ...machine, record: foldEntry(machine.record, entry) },
    effects: [{ kind: 'append', entry }],
  };
}

/** Writes an entry and goes on in the phase it leads to. */
export function writeAndGo(
  machine: RunMachine,
  entry: RunEntry,
  effects: readonly Effect[] = [],
): Stepped {
  const written = write(machine, entry);
  return goOn(written.machine, [...effects, ...written.effects]);
}

/** The single record that decides the run; everything half begun in this phase is forgotten. */
export function decide(
  machine: RunMachine,
  at: Instant,
  decision: {
    readonly decision: Decision;
    readonly why: string;
    readonly by: string;
    readonly unhealed?: true;
    readonly harmed?: true;
    readonly step?: string;
  },
): Stepped {
  const entry = { kind: 'decided', at: stamp(at), ...decision } as const;
  const written = write(machine, entry);
  return goOn(fresh(written.machine), [...written.effects, ...answerOvertaken(machine)]);
}

/** Whoever is still waited for when something else decides is answered, too. */
export function answerOvertaken({ doing, record }: RunMachine): readonly Effect[] {
  const stage = doing?.stage;
  if (stage?.kind !== 'reach' && stage?.kind !== 'extend') return [];
  const before =
    stage.kind === 'reach' ? 'what it changed had been reached' : 'its timers had more time';
  const detail = `run ${record.run} was decided before ${before}`;
  return answer(stage.ask, lgError('LG_ROLLBACK_DECIDED', detail));
}

/** The machine with an empty short memory, as every phase begins. */
export function fresh(machine: RunMachine): RunMachine {
  const { record, acts, held } = machine;
  return { record, acts, held, rounds: [], tries: 0, back: [], queue: [], noticed: 0 };
}

/** Answers whoever asked; `ask` 0 is nobody. */
export function answer(ask: number, error?: LastgoodError): readonly Effect[] {
  if (ask === 0) return [];
  return [error === undefined ? { kind: 'answer', ask } : { kind: 'answer', ask, error }];
}

/** A moment as it stands in the journal. */
export function stamp(at: Instant): string {
  return toRfc3339(fromUnixMs(at.wallMs));
}

/** When a deadline passes, as the journal's readers, notices and people are told it. */
export function stampOf(deadline: Deadline): string {
  return toRfc3339(fromUnixMs(deadlineWallMs(deadline)));
}

/** The machine awaiting nothing. */
export function withoutDoing(machine: RunMachine): RunMachine {
  const { doing: _, ...idle } = machine;
  return idle;
}
