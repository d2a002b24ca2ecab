import { isTerminal } from '../../src/model/run/run.ts';
import type { RunEntry } from '../../src/model/run/run-journal.ts';
import { beginRun, recoverRun, step, type StepResult } from '../../src/recovery/rollback/step.ts';
import type { Act } from '../../src/recovery/rollback/step/act.ts';
import type { RunEvent } from '../../src/recovery/rollback/step/event.ts';
import type { RunMachine } from '../../src/recovery/rollback/step/machine.ts';
import { beginRecord, foldEntry, type RunRecord } from '../../src/recovery/rollback/step/record.ts';
import { judgeNode } from './judge-node.ts';
import { nodeKeys } from './node-key.ts';
import { fireWatch, putBackNext } from './small-dead-man.ts';
import {
  contextAt,
  DEVICE_TICKS,
  fire,
  freshWorld,
  instantAt,
  isMutating,
  outcomesOf,
  planOf,
  TICKS_MAX,
  type SmallSetup,
  type SmallWorld,
} from './small-world.ts';

/**
 * Everything there is at one instant. A step and the appends it asks for are one move: a crash
 * between them leaves what a crash before the event leaves, because memory is lost either way.
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
  readonly ticks: number;
  readonly crashes: number;
  readonly foreign: number;
  readonly held: boolean;
}

/** Parts of engine and world that a test may break on purpose, to see it caught. */
export interface Sabotage {
  readonly outcomes?: typeof outcomesOf;
  readonly step?: typeof step;
  readonly recover?: typeof recoverRun;
  readonly neverRestart?: boolean;
  /** Whether an entry reaches the disk at all. */
  readonly isKept?: (entry: RunEntry) => boolean;
}

/** What a walk through everything found. */
export interface Findings {
  readonly states: number;
  readonly edges: number;
  readonly ends: Readonly<Record<string, number>>;
  /** Sentence and how many nodes it is true of. */
  readonly violations: Readonly<Record<string, number>>;
  /** Nodes from which no end can be reached. */
  readonly stuck: number;
  /** A shortest way to the first violation or stuck node. */
  readonly story: readonly string[];
}

/** More nodes than this is a mistake of the test, not a world. */
const NODES_MAX = 4_000_000;

/** Walks every way through a small world, breadth first. */
export function explore(setup: SmallSetup, sabotage: Sabotage = {}): Findings {
  const keyOf = nodeKeys();
  const first = begin(setup);
  const ids = new Map<string, number>([[keyOf(first), 0]]);
  const nodes: (Node | undefined)[] = [first];
  const parents: number[] = [-1];
  const labels: string[] = ['start'];
  const edges: { readonly from: number[]; readonly to: number[] } = { from: [], to: [] };
  const violations: Record<string, number> = {};
  const ends: Record<string, number> = {};
  const over: number[] = [];
  let worst = -1;
  const accuse = (at: number, sentence: string): void => {
    violations[sentence] = (violations[sentence] ?? 0) + 1;
    if (worst < 0) worst = at;
  };
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at];
    if (node === undefined || nodes.length > NODES_MAX) throw new Error('the world is too large');
    nodes[at] = undefined;
    for (const sentence of judgeNode(node)) accuse(at, sentence);
    if (isTerminal(node.durable.phase) && node.machine !== undefined) {
      over.push(at);
      ends[node.durable.phase] = (ends[node.durable.phase] ?? 0) + 1;
      continue;
    }
    for (const [label, next] of moves(node, setup, sabotage, (why) => accuse(at, why))) {
      const key = keyOf(next);
      let known = ids.get(key);
      if (known === undefined) {
        known = nodes.length;
        ids.set(key, known);
        nodes.push(next);
        parents.push(at);
        labels.push(label);
      }
      edges.from.push(at);
      edges.to.push(known);
    }
  }
  const alive = reachers(over, edges, nodes.length);
  const stuck = alive.filter((is) => !is).length;
  const last = worst >= 0 ? worst : alive.indexOf(false);
  const story = storyOf(parents, labels, last);
  return { states: nodes.length, edges: edges.to.length, ends, violations, stuck, story };
}

function begin(setup: SmallSetup): Node {
  const record = beginRecord({
    kind: 'planned',
    at: '',
    run: 'run_1',
    plan: planOf(setup),
    requestedBy: 'ann',
    tokenHash: 'token',
    expires: { set: instantAt(0), afterMs: 1_000_000 },
  });
  const none = { ticks: 0, crashes: 0, foreign: 0, held: false };
  const node = { durable: record, world: freshWorld(setup), ...none };
  return after(node, beginRun(record, false, contextAt(0)), {});
}

type Move = readonly [string, Node];

function moves(
  node: Node,
  setup: SmallSetup,
  sabotage: Sabotage,
  accuse: (why: string) => void,
): readonly Move[] {
  const found: Move[] = [...environment(node, setup)];
  const { machine } = node;
  if (machine === undefined) {
    if (sabotage.neverRestart === true) return found;
    const recover = sabotage.recover ?? recoverRun;
    const result = recover(node.durable, node.held, contextAt(node.ticks));
    found.push(['restart', after(node, result, sabotage)]);
    return found;
  }
  const walk = (label: string, event: RunEvent, from: Node): void => {
    try {
      const result = (sabotage.step ?? step)(machine, event, contextAt(node.ticks));
      found.push([label, after(from, result, sabotage)]);
    } catch (error) {
      accuse(error instanceof Error ? error.message : String(error));
    }
  };
  if (node.answered !== undefined) {
    const { answered, ...rest } = node;
    walk(`hear of ${machine.doing?.stage.kind}`, answered, rest);
  } else if (node.acting !== undefined) {
    found.push(...perform(node, setup, sabotage, walk));
  }
  for (const [label, event, asked] of people(node, setup)) walk(label, event, asked);
  return found;
}

function perform(
  node: Node,
  setup: SmallSetup,
  sabotage: Sabotage,
  walk: (label: string, event: RunEvent, from: Node) => void,
): readonly Move[] {
  const { acting, ...rest } = node;
  if (acting === undefined) return [];
  const found: Move[] = [];
  const outcomes = (sabotage.outcomes ?? outcomesOf)(acting.act, node.world, setup, node);
  for (const { label, world, result } of outcomes) {
    const answered = { kind: 'acted', id: acting.id, result } as const;
    const next = { ...rest, world: guilt(node, acting.act, world) };
    // A reading takes an instant; a change may be done and its answer lost.
    if (isMutating(acting.act)) found.push([label, { ...next, answered }]);
    else walk(label, answered, next);
  }
  return found;
}

/** The journal's part of what must be true at the instant something is changed. */
function guilt(node: Node, act: Act, world: SmallWorld): SmallWorld {
  if (act.kind !== 'apply') return world;
  const { open, decided } = node.durable;
  const sins = [...world.sins];
  const isIntended = open.some(({ id }) => id === act.step.id);
  if (!isIntended) sins.push('mutation without a durable intent');
  if (node.crashes > 0 && decided === undefined) sins.push('forward after a crash');
  return sins.length === world.sins.length ? world : { ...world, sins };
}

/** Time, third parties, crashes and devices: what comes from outside at any instant. */
function environment(node: Node, setup: SmallSetup): readonly Move[] {
  const found: Move[] = [];
  const { world, durable, ticks } = node;
  if (isTerminal(durable.phase)) return found;
  // Between the last look and the write of a single apply the world stands still: see the limits.
  const isAtOnce = node.acting?.act.kind === 'apply';
  if (ticks < TICKS_MAX && durable.deadline !== undefined && !isAtOnce) {
    found.push([`tick ${ticks + 1}`, { ...node, ticks: ticks + 1 }]);
  }
  if (!isAtOnce && ticks >= DEVICE_TICKS) {
    for (const state of world.armed) {
      found.push([`timer of ${state} fires`, { ...node, world: fire(world, state) }]);
    }
  }
  // The dead-man is an actor of its own: it also moves while an apply is on its way.
  if (world.watch.phase === 'armed' && (ticks >= DEVICE_TICKS || setup.earlyTimer === true)) {
    found.push(['the dead-man fires', { ...node, world: fireWatch(world) }]);
  }
  if (world.watch.left.length > 0) {
    found.push(['the dead-man puts back', { ...node, world: putBackNext(world) }]);
  }
  if (node.foreign < setup.foreign && !isAtOnce) {
    for (const { name } of setup.states) {
      const words = { ...world.words, [name]: 'ext' as const };
      const changed = { ...node, foreign: node.foreign + 1, world: { ...world, words } };
      found.push([`third party changes ${name}`, changed]);
    }
  }
  if (node.machine !== undefined && node.crashes < setup.crashes) {
    const { machine: _, acting: __, answered: ___, ...rest } = node;
    found.push(['crash', { ...rest, crashes: node.crashes + 1 }]);
  }
  return found;
}

type Asked = readonly [string, RunEvent, Node];

/** What people and the clock's alarm ask for. */
function people(node: Node, setup: SmallSetup): readonly Asked[] {
  const found: Asked[] = [];
  const { phase, healthy, plan, decided } = node.durable;
  if (phase === 'AWAITING_APPROVAL') {
    const word = { kind: 'approve', ask: 1, by: 'bob', planHash: plan.planHash } as const;
    const no = { kind: 'reject', ask: 1, by: 'bob', reason: 'no' } as const;
    found.push(['approve', word, node], ['reject', no, node]);
  }
  if (phase === 'AWAITING_CONFIRM') {
    const nonce = healthy?.nonce ?? '';
    const confirm = {
      kind: 'confirm',
      ask: 1,
      by: 'ann',
      tokenHash: 'token',
      nonce,
      via: 'network',
    } as const;
    found.push(['confirm', confirm, node], ['alarm', { kind: 'tick' }, node]);
  }
  if (decided === undefined) {
    found.push(['cancel', { kind: 'cancel', ask: 1, by: 'ann' }, node]);
  }
  if (setup.withHold) {
    const on = !node.held;
    found.push([`hold ${on ? 'on' : 'off'}`, { kind: 'hold', on }, { ...node, held: on }]);
  }
  return found;
}

/** The node after a step, its entries durable and its act begun. */
function after(node: Node, { machine, effects }: StepResult, sabotage: Sabotage): Node {
  let { durable, world } = node;
  let acting = node.acting;
  let { answered } = node;
  let hasBegun = false;
  for (const effect of effects) {
    if (effect.kind === 'append') {
      if (hasBegun) throw new Error('an append follows an act within one step');
      const isKept = sabotage.isKept?.(effect.entry) ?? true;
      if (isKept) durable = foldEntry(durable, effect.entry);
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
    throw new Error(`the act ${node.acting.act.kind} is forgotten while it is done`);
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

function reachers(
  over: readonly number[],
  edges: { readonly from: readonly number[]; readonly to: readonly number[] },
  count: number,
): readonly boolean[] {
  const heads = new Int32Array(count).fill(-1);
  const links = new Int32Array(edges.to.length);
  for (const [edge, to] of edges.to.entries()) {
    links[edge] = heads[to] ?? -1;
    heads[to] = edge;
  }
  const alive: boolean[] = Array.from({ length: count }, () => false);
  const open = [...over];
  for (const at of over) alive[at] = true;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (let edge = heads[at] ?? -1; edge >= 0; edge = links[edge] ?? -1) {
      const parent = edges.from[edge] ?? 0;
      if (alive[parent] === true) continue;
      alive[parent] = true;
      open.push(parent);
    }
  }
  return alive;
}

function storyOf(
  parents: readonly number[],
  labels: readonly string[],
  end: number,
): readonly string[] {
  const story: string[] = [];
  for (let at = end; at >= 0; at = parents[at] ?? -1) story.push(labels[at] ?? '?');
  return story.toReversed();
}
