import { toRfc3339 } from '../../base/time.ts';
import type { LastgoodError } from '../../base/error.ts';
import { ok, type Result } from '../../base/result.ts';
import type { RunView } from '../../model/run/run.ts';
import type { RunEntry } from '../../model/run/run-journal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/control-store.ts';
import { isRunEntry, journalStream } from './journal-codec.ts';
import { EVERY_STATE, type RunLocks } from './run-locks.ts';
import { statesHeld } from './step/run-states.ts';

/** Further in than this nobody looks for entries that can be read: journals are far shorter. */
const ENTRIES_MAX = 500;

/** Where it is kept that a person has looked after a run that cannot be read. */
const ACCEPTED = 'dark-run/';

/** Where dark runs are read and kept, and what they lock. */
interface DarkGround {
  readonly store: ControlStore;
  readonly clock: Clock;
  readonly locks: RunLocks;
}

/** What is left of a journal that cannot be read as a whole. */
interface Remains {
  readonly isOver: boolean;
  /** Absent: it is not known, so that it may be any. */
  readonly states?: readonly string[];
}

/**
 * Runs whose journal cannot be read and that may not have ended: nobody can drive them, and nobody
 * may build on what they left. They keep what they may hold locked until a person has looked.
 */
export class DarkRuns {
  readonly #on: DarkGround;
  readonly #views = new Map<string, RunView>();

  constructor(on: DarkGround) {
    this.#on = on;
  }

  /** Locks what a run may hold; undefined where it surely has ended, or was accepted. */
  async quarantine(run: string, error: LastgoodError): Promise<RunView | undefined> {
    const { store, clock, locks } = this.#on;
    const { isOver, states = [EVERY_STATE] } = await remainsOf(run, store);
    if (isOver) return undefined;
    const view = darkView(run, states, error, toRfc3339(clock.now()));
    const accepted = await store.read(`${ACCEPTED}${run}`);
    if (accepted.ok && accepted.value.length > 0) {
      this.#views.set(run, { ...view, released: 'accepted as it is' });
      return undefined;
    }
    locks.seize(run, states);
    this.#views.set(run, view);
    return view;
  }

  /** Also of one that was accepted. */
  viewOf(run: string): RunView | undefined {
    return this.#views.get(run);
  }

  /** Those that wait for a person. */
  views(): readonly RunView[] {
    return [...this.#views.values()].filter(({ released }) => released === undefined);
  }

  /** A person has looked and accepts what there is; kept, so that no restart locks it again. */
  async accept(run: string, by: string, reason: string): Promise<Result<void>> {
    const { store, clock, locks } = this.#on;
    const entry = { kind: 'accepted', at: toRfc3339(clock.now()), by, reason };
    const kept = await store.append(`${ACCEPTED}${run}`, 0, [entry]);
    if (!kept.ok) return kept;
    const view = this.#views.get(run);
    if (view !== undefined) this.#views.set(run, { ...view, released: reason });
    locks.release(run);
    return ok(undefined);
  }
}

/** The longest end of the journal that can be read, and what it says for certain. */
async function remainsOf(run: string, store: ControlStore): Promise<Remains> {
  let found: readonly RunEntry[] = [];
  for (let after = 0; after < ENTRIES_MAX && found.length === 0; after += 1) {
    const read = await store.read(journalStream(run), after);
    if (!read.ok) continue;
    found = read.value.flatMap(({ entry }) => known(entry));
    break;
  }
  const last = found.findLast(({ kind }) => kind !== 'confirm-refused');
  const isEnded = last?.kind === 'ended' && last.state !== 'NEEDS_OPERATOR';
  const planned = found.find((one) => one.kind === 'planned');
  const prepared = found.find((one) => one.kind === 'prepared');
  const states =
    planned === undefined
      ? prepared?.states.map(({ state }) => state)
      : statesHeld(planned.plan.content);
  const isOver = isEnded || last?.kind === 'released';
  return states === undefined ? { isOver } : { isOver, states };
}

/** An entry as `unknown`: what is none of ours says nothing. */
function known(entry: unknown): readonly RunEntry[] {
  return isRunEntry(entry) ? [entry] : [];
}

/** What people are shown of it: all that is certain is that somebody must look. */
function darkView(
  run: string,
  states: readonly string[],
  { code, detail }: LastgoodError,
  at: string,
): RunView {
  const holdsAll = states.includes(EVERY_STATE);
  const known = holdsAll ? [] : states;
  const why = `its journal cannot be read (${code}: ${detail}), so nobody can tell what it changed`;
  return {
    run,
    plan: 'unknown',
    planHash: 'unknown',
    state: 'NEEDS_OPERATOR',
    requestedBy: 'unknown',
    startedAt: at,
    onSilence: 'revert',
    confirmTimeoutMs: 0,
    target: 'unknown',
    why,
    code,
    unread: { holdsAll },
    progress: known.map((state) => ({
      state,
      component: state.split('/')[0] ?? state,
      at: 'unknown' as const,
      report: 'it may have changed it',
    })),
    batch: { number: 1, of: 1, components: [] },
    byHand: [
      'restore control.db from a backup, or compare the components with a checkpoint',
      `once they are as they should be: lastgood rollback resume ${run} --to accept`,
    ],
  };
}
