import { judgeGate } from '../../../src/recovery/gate/judge-gate.ts';
import type { Instant } from '../../../src/model/run/instant.ts';
import type { StepContext } from '../../../src/recovery/rollback/step/machine.ts';

/** Time in a small world: ticks truly pass, and the clocks of the machine say what they say. */
export interface SmallClock {
  readonly ticks: number;
  /** How wrong the wall clock was set. */
  readonly wallMs: number;
  readonly boots: number;
  /** The tick of the last boot. */
  readonly bootedAt: number;
}

/** Seconds of a tick: 2 outlast the gate's patience, 3 our deadline, 4 let devices revert. */
export const TICK_MS = 30_000;

/** Ticks after arming at which a confirm is too late, and at which devices revert by themselves. */
export const DEADLINE_TICKS = 3;
export const DEVICE_TICKS = 4;

/** By so many ticks a run is given more time. */
export const MORE_TICKS = 1;

/** Ticks for which a plan waits for its second word. */
export const PLAN_TICKS = 2;

/** Before anything happens. */
export const FIRST: SmallClock = { ticks: 0, wallMs: 0, boots: 0, bootedAt: 0 };

/** What both clocks of the machine say. */
export function instantOf({ ticks, wallMs, boots, bootedAt }: SmallClock): Instant {
  return {
    wallMs: 10_000_000 + ticks * TICK_MS + wallMs,
    uptimeMs: (ticks - bootedAt) * TICK_MS,
    bootId: `boot ${boots}`,
  };
}

/** What the engine is given beside state and event. */
export function contextAt(clock: SmallClock): StepContext {
  return { at: instantOf(clock), judge: judgeGate };
}

/** The next tick. */
export function ticked(clock: SmallClock): SmallClock {
  return { ...clock, ticks: clock.ticks + 1 };
}

/** Every way the wall clock may be set once: past every deadline, or to long before the run. */
export function settings(clock: SmallClock): readonly (readonly [string, SmallClock])[] {
  if (clock.wallMs !== 0) return [];
  return [
    ['the wall clock is set forward', { ...clock, wallMs: 10 * TICK_MS }],
    ['the wall clock is set back', { ...clock, wallMs: -10 * TICK_MS }],
  ];
}

/** The machine is restarted: uptime begins anew. */
export function rebooted(clock: SmallClock): SmallClock {
  return { ...clock, boots: clock.boots + 1, bootedAt: clock.ticks };
}
