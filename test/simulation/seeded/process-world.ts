import type { Result } from '../../../src/base/result.ts';
import type { RunWorld } from '../../../src/model/run/run-world.ts';
import type { ControlStore } from '../../../src/ports/control-store.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Whether a daemon lives, and until when it is stopped (SIGSTOP): it then hears nothing. */
export interface Life {
  readonly isAlive: () => boolean;
  readonly stoppedUntil: () => number;
}

type Call<Args extends readonly unknown[], Value> = (...args: Args) => Promise<Value>;

/**
 * The world of one process: once it is dead it asks for nothing and hears nothing, and while it is
 * stopped every answer waits for it.
 */
export function processWorld(world: RunWorld, life: Life, clock: VirtualClock): RunWorld {
  const wrap = hearing(life, clock);
  const { deadMan, fence } = world;
  return {
    ...world,
    fence: wrap(fence),
    pause: wrap(world.pause),
    pauseLonger: wrap(world.pauseLonger),
    resume: wrap(world.resume),
    preflight: wrap(world.preflight),
    observe: wrap(world.observe),
    image: wrap(world.image),
    takeBefore: wrap(world.takeBefore),
    apply: wrap(world.apply),
    sample: wrap(world.sample),
    deadMan: {
      arm: wrap(deadMan.arm),
      extend: wrap(deadMan.extend),
      disarm: wrap(deadMan.disarm),
      confirm: wrap(deadMan.confirm),
      pending: wrap(deadMan.pending),
    },
  };
}

/** The store as a process sees it that may be stopped between a write and its answer. */
export function processStore(store: ControlStore, life: Life, clock: VirtualClock): ControlStore {
  const wrap = hearing(life, clock);
  return {
    ...store,
    append: wrap((...args: Parameters<ControlStore['append']>) => store.append(...args)),
    fence: wrap((...args: Parameters<ControlStore['fence']>): Promise<Result<number>> =>
      store.fence(...args),
    ),
  };
}

function hearing({ isAlive, stoppedUntil }: Life, clock: VirtualClock) {
  const never = new Promise<never>(() => undefined);
  return <Args extends readonly unknown[], Value>(call: Call<Args, Value>): Call<Args, Value> =>
    async (...args) => {
      if (!isAlive()) return never;
      const value = await call(...args);
      while (clock.trueMs < stoppedUntil()) await clock.sleep(stoppedUntil() - clock.trueMs);
      return isAlive() ? value : never;
    };
}
