import type { DataFolder } from '../config/data-folder.ts';
import type { Problem } from '../api/contract.ts';
import type { Log, LogLevel } from '../base/log.ts';
import type { Clock } from '../ports/clock.ts';
import type { Privileges } from './privilege/give-up-root.ts';
import type { LiveConfig } from './configuration/live-config.ts';
import type { Stores } from './open-stores.ts';

/** How the daemon is asked to run. */
export interface DaemonOptions {
  readonly dataRoot: string;
  readonly configFile: string | undefined;
  readonly logLevel: string;
  /** Where a host runner of its own listens; absent: we touch the host ourselves. */
  readonly hostSocket?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by SIGTERM and Ctrl-C: drain and stop. */
  readonly signal: AbortSignal;
  /** Results: the `ready` line and what belongs to it. */
  readonly say: (line: string) => void;
  /** Remarks and warnings. */
  readonly note: (line: string) => void;
}

/** What a daemon that starts has at hand. */
export interface Serving {
  /** What is wrong with the set-up; told by `up`, `status` and `doctor`. */
  readonly warnings: Problem[];
  readonly options: DaemonOptions;
  readonly level: LogLevel;
  readonly log: Log;
  readonly live: LiveConfig;
  readonly stores: Stores;
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly privileges: Privileges;
}
