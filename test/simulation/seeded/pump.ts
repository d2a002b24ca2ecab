import type { VirtualClock } from './virtual-clock.ts';

/** What has not come about by then, in alarms of the clock, never will. */
const ALARMS_MAX = 20_000;

/** Lets time pass until something is so; false when it will never be. */
export async function pump(clock: VirtualClock, isSo: () => boolean): Promise<boolean> {
  for (let alarms = 0; alarms < ALARMS_MAX; alarms += 1) {
    await turn();
    if (isSo()) return true;
    if (clock.advance()) continue;
    // No alarm is left; what was just asked may still be answered.
    await turn();
    return isSo();
  }
  return false;
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
