import type { Direction } from './run-journal.ts';

/** When a run began to change something. */
export interface RunTouch {
  readonly direction: Direction;
  /** `1`, `2`, … of the plan; of the way back it says nothing. */
  readonly step: string;
  readonly state: string;
  readonly component: string;
  readonly paths: readonly string[];
  /** RFC 3339. */
  readonly at: string;
}

/** What a run changed, in the order of its journal, and until when it held what it changed. */
export interface RunTouches {
  readonly run: string;
  readonly touches: readonly RunTouch[];
  /** Absent while it is under way or waits for a person. */
  readonly until?: string;
}
