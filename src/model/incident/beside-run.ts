import type { RunState } from '../run/run.ts';

/** A run that changed what an incident is about while it lasted, and was not begun for it. */
export interface BesideRun {
  readonly run: string;
  readonly state: RunState;
  readonly startedAt: string;
  readonly requestedBy: string;
  /** What it changed. */
  readonly components: readonly string[];
}
