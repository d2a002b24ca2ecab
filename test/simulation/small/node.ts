import { isTerminal } from '../../../src/model/run/run.ts';
import type { RunEntry } from '../../../src/model/run/run-journal.ts';
import {
  beginRun,
  type recoverRun,
  type step,
  type StepResult,
} from '../../../src/recovery/rollback/step.ts';
import type { Act } from '../../../src/recovery/rollback/step/act.ts';
import type { RunEvent } from '../../../src/recovery/rollback/step/event.ts';
import type { RunMachine } from '../../../src/recovery/rollback/step/machine.ts';
import {
  beginRecord,
  foldEntry,
  type RunRecord,
} from '../../../src/recovery/rollback/step/record.ts';
import type { outcomesOf } from './acts.ts';
import { judgeEntry } from './judge-entry.ts';
import { isMutating, mayBeOvertaken } from './refusals.ts';
import type { SmallSetup } from './setup.ts';
import {
  contextAt,
  FIRST,
  instantOf,
  PLAN_TICKS,
  TICK_MS,
  type SmallClock,
} from './small-clock.ts';
import { planOf } from './small-plan.ts';
import { freshWorld, guilty, type SmallWorld } from './small-world.ts';

/**
 * Everything there is at one instant. A step and the appends it asks for are one move: all of them
 * are appended or none, so a crash between them leaves what a crash before the event leaves.
 */
export interface Node {
  /** Absent: the process is dead. */
  readonly machine?: RunMachine;
  readonly durable: RunRecord;
  /** The act in flight, not done yet. */
  readonly acting?: { readonly id: number; readonly act: Act };
  /** The answer of a done act, not heard yet. */
  readonly answered?: Extract<RunEvent, { kind: 'acted' }>;
  readonly world: SmallWorld;
  readonly clock: SmallClock;
  readonly crashes: number;
  readonly foreign: number;
  readonly resumes: number;
  readonly held: boolean;
}

/** What may happen next, and where that leads. */
export type Move = readonly [string, Node];

/** Parts of engine and world that a test may break on purpose, to see it caught. */
export interface Sabotage {
  readonly outcomes?: typeof outcomesOf;
  readonly step?: typeof step;
  readonly recover?: typeof recoverRun;
  readonly neverRestart?: boolean;
  /** Whether an entry reaches the disk at all. */
  readonly isKept?: (entry: RunEntry) => boolean;
}

/** A run has just been planned. */
export function begin(setup: SmallSetup): Node {
  const record = beginRecord({
    kind: 'planned',
    at: '',
    run: 'run_1',
    plan: planOf(setup),
    requestedBy: 'ann',
    tokenHash: 'token',
    expires: { set: instantOf(FIRST), afterMs: PLAN_TICKS * TICK_MS },
  });
  const none = { clock: FIRST, crashes: 0, foreign: 0, resumes: 0, held: false };
  const node = { durable: record, world: freshWorld(setup), ...none };
  return after(node, beginRun(record, false, contextAt(FIRST)), {});
}

/** Whether nothing more becomes of it. */
export function isOver({ durable, resumes }: Node, setup: SmallSetup): boolean {
  if (!isTerminal(durable.phase)) return false;
  const mayResume = setup.withResume === true && resumes === 0 && durable.released === undefined;
  return durable.phase !== 'NEEDS_OPERATOR' || !mayResume;
}

/** The node after a step, its entries durable and its act begun. */
export function after(node: Node, { machine, effects }: StepResult, sabotage: Sabotage): Node {
  let { durable, world } = node;
  let acting = node.acting;
  let { answered } = node;
  let hasBegun = false;
  for (const effect of effects) {
    if (effect.kind === 'append') {
      if (hasBegun) throw new Error('an append follows an act within one step');
      const isKept = sabotage.isKept?.(effect.entry) ?? true;
      if (!isKept) continue;
      durable = foldEntry(durable, effect.entry);
      world = guilty(world, ...judgeEntry(effect.entry, node));
      // Whether silence may keep it is watched from here on.
      if (effect.entry.kind === 'healthy') world = { ...world, greens: 0 };
    } else if (effect.kind === 'act') {
      hasBegun = true;
      acting = { id: effect.id, act: effect.act };
      answered = undefined;
    } else if (effect.kind === 'unlock') {
      world = { ...world, locked: false };
    }
  }
  const isForgotten = machine.doing?.id !== (node.acting?.id ?? node.answered?.id);
  if (isForgotten && node.acting !== undefined && isMutating(node.acting.act)) {
    if (mayBeOvertaken(node.acting.act)) world = { ...world, ghost: node.acting.act };
    else throw new Error(`the act ${node.acting.act.kind} is forgotten while it is done`);
  }
  if (machine.doing === undefined) acting = undefined;
  const { acting: _, answered: __, ...rest } = node;
  return {
    ...rest,
    // Memory and journal say the same unless a test keeps entries from the disk.
    machine: sabotage.isKept === undefined ? { ...machine, record: durable } : machine,
    durable,
    world,
    ...(acting === undefined ? {} : { acting }),
    ...(answered === undefined ? {} : { answered }),
  };
}

/** The process dies; what it had sent is on its way, or was never begun. */
export function crashed({ machine: _, acting, answered: __, ...rest }: Node): Node {
  const dead = { ...rest, crashes: rest.crashes + 1 };
  if (acting === undefined || !isMutating(acting.act)) return dead;
  return { ...dead, world: { ...rest.world, ghost: acting.act } };
}
