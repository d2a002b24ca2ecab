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
  /** The daemon that was stopped and overtaken, with what it waits for; it moves when it likes. */
  readonly overtaken?: Actor;
  readonly overtakes: number;
  /** One of the two has found that the other has written, and drives the run no more. */
  readonly lost?: true;
  readonly crashes: number;
  readonly foreign: number;
  readonly resumes: number;
  readonly held: boolean;
}

/** One of two daemons: what it knows, and the act it waits for. */
export type Actor = Pick<Node, 'machine' | 'acting' | 'answered'>;

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
  const none = { clock: FIRST, overtakes: 0, crashes: 0, foreign: 0, resumes: 0, held: false };
  const node = { durable: record, world: freshWorld(setup), ...none };
  return after(node, beginRun(record, false, contextAt(FIRST)), {});
}

/** Whether nothing more becomes of it. */
export function isOver({ durable, resumes }: Node, setup: SmallSetup): boolean {
  if (!isTerminal(durable.phase)) return false;
  const mayResume = setup.withResume === true && resumes === 0 && durable.released === undefined;
  return durable.phase !== 'NEEDS_OPERATOR' || !mayResume;
}

/** Whether some daemon is up. */
export function isDriven({ machine, overtaken: other }: Node): boolean {
  return machine !== undefined || other?.machine !== undefined;
}

/** The node after a step, its entries durable and its act begun. */
export function after(node: Node, { machine, effects }: StepResult, sabotage: Sabotage): Node {
  if (isSuperseded(node, effects)) return gone(node);
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
  // Memory and journal say the same unless a test keeps entries from the disk, or another daemon
  // has written meanwhile.
  const isSame = sabotage.isKept === undefined && !isBehind(node);
  return {
    ...rest,
    machine: isSame ? { ...machine, record: durable } : machine,
    durable,
    world,
    ...(acting === undefined ? {} : { acting }),
    ...(answered === undefined ? {} : { answered }),
  };
}

/** Whether another daemon has written since this one read: by compare-and-append it finds out. */
function isSuperseded(node: Node, effects: StepResult['effects']): boolean {
  return isBehind(node) && effects.some(({ kind }) => kind === 'append');
}

function isBehind({ machine, durable, overtakes }: Node): boolean {
  return overtakes > 0 && machine !== undefined && machine.record !== durable;
}

/** A daemon that drives the run no more; what it had sent was answered already. */
function gone({ machine: _, acting: __, answered: ___, ...rest }: Node): Node {
  return { ...rest, lost: true };
}

/** Another daemon takes this one for dead; it is only stopped, and has sent what it has sent. */
export function overtaken({ machine, acting, answered, ...rest }: Node): Node {
  const overtaken = actorOf(machine, acting, answered);
  return { ...rest, overtakes: rest.overtakes + 1, overtaken };
}

/** The same node as the daemon sees it that was overtaken; turned round twice, it is as it was. */
export function turnedRound({ machine, acting, answered, overtaken: other, ...rest }: Node): Node {
  return { ...rest, ...other, overtaken: actorOf(machine, acting, answered) };
}

/** A daemon as a value of its own. */
export function actorOf(
  machine: Actor['machine'],
  acting: Actor['acting'],
  answered: Actor['answered'],
): Actor {
  return {
    ...(machine === undefined ? {} : { machine }),
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
