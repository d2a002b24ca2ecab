import { outcomesOf } from '../acts.ts';
import type { Sabotage } from '../node.ts';
import { print } from '../small-plan.ts';
import { lie, replaced } from './lie.ts';

/** Hosts that do not do what they say. */

/** Devices answer "armed" and are not. */
export const timersNotArmed: Sabotage = notDone('arm');

/** Timers answer that they wait longer, and do not. */
export const timersNotExtended: Sabotage = notDone('extend');

/** P is said to be taken and is not. */
export const noCheckpointBefore: Sabotage = notDone('take-before');

/** The run is confirmed, and nobody tells the dead-man. */
export const confirmLeavesTimer: Sabotage = notDone('confirm-device');

/** Writers are said to go on, and stand still. */
export const writersStayPaused: Sabotage = notDone('resume-writers');

/** The newest token is not told: what a dead daemon had sent is done whenever it arrives. */
export const noFence: Sabotage = {
  outcomes: (act, world, setup, node) =>
    outcomesOf(act, world, setup, node).map((way) => {
      if (act.kind !== 'fence') return way;
      const { seen, ghost } = world;
      const told = { ...way.world, seen };
      return { ...way, world: ghost === undefined ? told : { ...told, ghost } };
    }),
};

/** What an overtaken daemon sends is done, whatever its token. */
export const noTokenHeeded: Sabotage = {
  outcomes: (act, world, setup, node) => {
    if (act.kind !== 'apply' && act.kind !== 'pause-writers') {
      return outcomesOf(act, world, setup, node);
    }
    const { seen } = world;
    return outcomesOf(act, { ...world, seen: {} }, setup, node).map((way) => ({
      ...way,
      world: { ...way.world, seen },
    }));
  },
};

/** The dead-man neither takes the lock nor looks at the fence: whoever was at work goes on. */
export const noLock: Sabotage = {
  outcomes: (act, world, setup, node) => {
    if (act.kind !== 'apply' || act.fence >= (world.seen[act.step.state] ?? 0)) {
      return outcomesOf(act, world, setup, node);
    }
    const { state } = act.step;
    const blind = { ...world, seen: { ...world.seen, [state]: act.fence } };
    return outcomesOf(act, blind, setup, node).map((way) => ({
      ...way,
      world: { ...way.world, sins: [...way.world.sins, 'two writers of one state'] },
    }));
  },
};

/** A failed undo is reported as done (deploy-rs#214). */
export const undoFailureCalledDone: Sabotage = lie((way, stage) => {
  if (stage?.kind === 'apply' && stage.direction === 'undo') {
    return { ...way, result: { kind: 'applied', outcome: { kind: 'done' } } };
  }
  if (way.world.broken === undefined) return way;
  return calledBack(way, stage?.kind);
});

/** P cannot be read, and what cannot be planned is called done. */
export const lostCheckpointCalledBack: Sabotage = lie((way, stage) => {
  if (!way.world.lostP) return way;
  if (stage?.kind !== 'plan-undo') return calledBack(way, stage?.kind);
  const { state } = stage;
  const answers = [{ state, fingerprint: print(state, 'pre'), mixed: true, steps: [] }];
  return { ...way, result: { kind: 'undo-planned', answers } };
});

function calledBack(way: Parameters<Parameters<typeof lie>[0]>[0], kind: string | undefined) {
  if (way.result.kind === 'undo-planned') {
    const answers = way.result.answers.map(({ state }) => {
      return { state, fingerprint: print(state, 'pre'), mixed: true, steps: [] };
    });
    return { ...way, result: { kind: 'undo-planned', answers } } as const;
  }
  if (kind !== 'back-read' && kind !== 'reread') return way;
  return { ...way, result: replaced(way.result, (state) => print(state, 'pre')) };
}

/** An act is answered, and the world stays as it was. */
function notDone(kind: string): Sabotage {
  return {
    outcomes: (act, world, setup, node) =>
      outcomesOf(act, world, setup, node).map((way) =>
        act.kind === kind ? { ...way, world } : way,
      ),
  };
}
