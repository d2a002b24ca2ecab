import type { ActResult } from '../../../../src/recovery/rollback/step/act.ts';
import type { RunMachine, Stage } from '../../../../src/recovery/rollback/step/machine.ts';
import { outcomesOf, type Outcome } from '../acts.ts';
import type { Node, Sabotage } from '../node.ts';

/** A world in which every outcome may be told otherwise. */
export function lie(
  tell: (way: Outcome, stage: Stage | undefined, node: Node) => Outcome,
): Sabotage {
  return {
    outcomes: (act, world, setup, node) =>
      outcomesOf(act, world, setup, node).map((way) => tell(way, stageOf(node), asNode(node))),
  };
}

/** What the engine waits for. */
export function stageOf(node: unknown): Stage | undefined {
  return machineIn(node)?.doing?.stage;
}

/** The run's machine in a node. */
export function machineIn(node: unknown): RunMachine | undefined {
  return asNode(node).machine;
}

/** A reading with fingerprints that were never read. */
export function replaced(
  result: ActResult,
  fingerprintOf: (state: string) => string | undefined,
): ActResult {
  if (result.kind === 'observed') {
    const readings = result.readings.map((reading) => ({
      ...reading,
      fingerprint: fingerprintOf(reading.state) ?? reading.fingerprint,
    }));
    return { ...result, readings };
  }
  if (result.kind === 'preflighted') {
    const states = result.states.map((state) => ({
      ...state,
      fingerprint: fingerprintOf(state.state) ?? state.fingerprint,
    }));
    return { ...result, states };
  }
  return result;
}

function asNode(node: unknown): Node {
  return node as Node;
}
