import type { Command } from 'commander';
import type { ExitCode } from '../base/error.ts';
import type { Screen } from './screen/screen.ts';

/** The global options, as commander parses them. */
export interface GlobalOptions {
  readonly config?: string;
  readonly data?: string;
  readonly url?: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** commander's form of --no-color. */
  readonly color?: boolean;
}

/** Everything a command gets besides its own arguments. */
export interface Invocation {
  readonly options: GlobalOptions;
  readonly screen: Screen;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/** Runs one command to its end and answers how the process shall exit. */
export type RunCommand<Own> = (
  invocation: Invocation,
  own: Own,
  args: readonly string[],
) => Promise<ExitCode>;

/** Adds one command to the program; each command's file exports one of these. */
export type AddCommand = (program: Command, bind: Bind) => void;

/** How a command ends when it is asked to. */
export interface BindOptions {
  /** It finishes what it is at, by its own deadline, rather than being cut off soon. */
  readonly drains?: boolean;
}

/** Turns a command into commander's action. */
export type Bind = <Own>(
  run: RunCommand<Own>,
  options?: BindOptions,
) => (...args: unknown[]) => Promise<void>;
