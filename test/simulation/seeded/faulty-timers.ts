import { err, ok, type Result } from '../../../src/base/result.ts';
import { lgError } from '../../../src/model/errors/lg-error.ts';
import type { DeadMan, TimerOrder } from '../../../src/model/run/run-world.ts';
import type { SeededDeadMan } from './dead-man.ts';
import type { Hosts } from './hosts.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Timers of devices, and the dead-man of hosts without. */
export function faultyTimers(
  hosts: Hosts,
  clock: VirtualClock,
  man: SeededDeadMan,
  flaky: <Value>(ms: number, value: () => Result<Value>) => Promise<Result<Value>>,
): DeadMan {
  const isWatched = (id: string): boolean => hosts.find(id).traits.confirm === 'supervisor';
  return {
    arm: (by, order) =>
      flaky(20, () => {
        if (by.fence < hosts.find(order.state).fence) {
          return err(lgError('LG_PROVIDER_TOKEN_STALE', order.state));
        }
        if (isWatched(order.state)) return man.arm(by, order);
        armDevice(hosts, clock, by.run, order);
        return ok(undefined);
      }),
    extend: ({ run }, id, seconds) =>
      flaky(20, () => {
        if (isWatched(id)) return man.extend(run, seconds);
        const { timer } = hosts.find(id);
        if (timer?.run !== run) return err(lgError('LG_PROVIDER_TIMER', 'it is over'));
        timer.fires = Math.max(timer.fires, clock.trueMs + seconds * 1000);
        return ok(undefined);
      }),
    disarm: async (by, id) => {
      if (isWatched(id)) await man.cancel(by, id);
      return flaky(20, () => {
        const state = hosts.find(id);
        if (state.timer?.run === by.run) delete state.timer;
        return ok(undefined);
      });
    },
    pending: (id) =>
      flaky(20, () => {
        const { timer } = hosts.find(id);
        return ok([...(timer === undefined ? [] : [timer.run]), ...man.pending(id)]);
      }),
    confirm: ({ run }, id) =>
      flaky(20, () => {
        if (isWatched(id)) return ok(man.confirm(run));
        const state = hosts.find(id);
        if (state.timer?.run === run) delete state.timer;
        return ok(state.fired ? 'already-reverted' : 'confirmed');
      }),
  };
}

function armDevice(
  hosts: Hosts,
  clock: VirtualClock,
  run: string,
  { state: id, before, seconds }: TimerOrder,
): void {
  const state = hosts.find(id);
  const timer = { run, fires: clock.trueMs + seconds * 1000, before };
  state.timer = timer;
  state.fired = false;
  const look = (): void => {
    if (state.timer !== timer) return;
    const leftMs = timer.fires - clock.trueMs;
    if (leftMs > 0) return void clock.after(leftMs, look);
    delete state.timer;
    state.fired = true;
    state.image = hosts.blobs.get(before) ?? state.image;
  };
  clock.after(seconds * 1000, look);
}
