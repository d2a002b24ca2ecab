import { isTerminal } from '../../../src/model/run/run.ts';
import { recoverRun, step } from '../../../src/recovery/rollback/step.ts';
import type { RunEvent } from '../../../src/recovery/rollback/step/event.ts';
import { outcomesOf } from './acts.ts';
import { guilt, judgeNode } from './judge-node.ts';
import { nodeKeys } from './node-key.ts';
import {
  after,
  begin,
  isDriven,
  isOver,
  turnedRound,
  type Move,
  type Node,
  type Sabotage,
} from './node.ts';
import { outside } from './outside.ts';
import { people } from './people.ts';
import { isMutating } from './refusals.ts';
import type { SmallSetup } from './setup.ts';
import { contextAt } from './small-clock.ts';
import { reachers, storyOf } from './walked.ts';

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

/** Walks every way through a small world, breadth first; `until` it finds what is looked for. */
export function explore(setup: SmallSetup, sabotage: Sabotage = {}, until?: string): Findings {
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
    if (until !== undefined && violations[until] !== undefined) break;
    if (isTerminal(node.durable.phase) && isDriven(node)) {
      over.push(at);
      ends[node.durable.phase] = (ends[node.durable.phase] ?? 0) + 1;
      if (isOver(node, setup)) continue;
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

function moves(
  node: Node,
  setup: SmallSetup,
  sabotage: Sabotage,
  accuse: (why: string) => void,
): readonly Move[] {
  const found: Move[] = [...outside(node, setup, sabotage)];
  // It sleeps until the next one is up: before that it is as if nobody had stopped it.
  if (node.overtaken?.machine !== undefined && (node.machine !== undefined || node.lost === true)) {
    for (const [label, next] of driven(turnedRound(node), setup, sabotage, accuse)) {
      found.push([`the one overtaken: ${label}`, turnedRound(next)]);
    }
  }
  if (node.machine !== undefined) return [...found, ...driven(node, setup, sabotage, accuse)];
  if (sabotage.neverRestart === true) return found;
  // Whom the other one was faster than leaves the run to it, and tells people.
  if (node.lost === true && node.overtaken?.machine !== undefined) return found;
  const recover = sabotage.recover ?? recoverRun;
  const result = recover(node.durable, node.held, contextAt(node.clock));
  return [...found, ['restart', after(node, result, sabotage)]];
}

/** What the daemon of a node may do, and what people may ask of it. */
function driven(
  node: Node,
  setup: SmallSetup,
  sabotage: Sabotage,
  accuse: (why: string) => void,
): readonly Move[] {
  const found: Move[] = [];
  const { machine } = node;
  if (machine === undefined) return found;
  const walk = (label: string, event: RunEvent, from: Node): void => {
    try {
      const result = (sabotage.step ?? step)(machine, event, contextAt(node.clock));
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
