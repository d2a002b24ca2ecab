import type { Stage } from './stage.ts';

/** A program a part runs, and the Debian package that brings it. */
export type Program = {
  /** A name looked for in the system's folders, or an absolute path, which may hold a `*`. */
  readonly command: string;
  readonly debianPackage: string;
};

/**
 * One thing on the stage. What a part makes it makes through `stage` alone, so that the book knows
 * it before it exists; the janitor then removes it without asking the part.
 */
export type Part = {
  readonly name: string;
  /** One sentence for `lab status` and `lab list`. */
  readonly summary: string;
  /** Parts that must be up before this one starts; without one of them this one is skipped. */
  readonly needs: readonly string[];
  /** Parts to wait for when they are on stage too; this one starts without them as well. */
  readonly after?: readonly string[];
  readonly programs: readonly Program[];
  /** Runs without root too, in a user namespace where it is root in name only. */
  readonly unprivileged?: true;
  /** Starts it and resolves once it can be used. Called only when nothing of it stands. */
  readonly start: (stage: Stage) => Promise<void>;
  /** Uses it for real; resolves with what was seen, rejects with what was missing. */
  readonly check: (stage: Stage) => Promise<string>;
  /** The process id of something the part supervises by itself, for faults; by its name. */
  readonly findProcess?: (stage: Stage, process: string) => Promise<number | undefined>;
  /**
   * Brings back a process that died: after the lab has started again what it had launched, or, for
   * what the part supervises by itself, instead of that.
   */
  readonly revive?: (stage: Stage, process: string) => Promise<void>;
  /** Only where killing its processes is not enough; called before they are killed. */
  readonly stop?: (stage: Stage) => Promise<void>;
};
