import type { DuringRun } from '../model/incident/during-run.ts';
import type { Signal } from '../model/incident/signal.ts';
import { findDuringRun } from '../recovery/incident/find-during-run.ts';
import type { Core } from './core.ts';

/** The run of ours that was under way where the trouble of a signal began, if any. */
export async function duringRun(
  { rollbacks, inventory }: Pick<Core, 'rollbacks' | 'inventory'>,
  signal: Signal,
): Promise<DuringRun | undefined> {
  if (signal.phase !== 'raised') return undefined;
  const runs = await rollbacks.touchesSince(signal.firstBadAt);
  return runs.ok ? findDuringRun(signal, runs.value, inventory().links) : undefined;
}
