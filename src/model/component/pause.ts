import { assertUnreachable } from '../../base/assert.ts';

/** How somebody is made to stand still for a while, and to go on. */
export type PauseWay =
  | {
      readonly kind: 'commands';
      readonly pause: readonly string[];
      readonly resume: readonly string[];
      /** Ends with 0 while it stands still; absent: nobody can ask. */
      readonly paused?: readonly string[];
    }
  /** A unit of systemd: stopped and started. */
  | { readonly kind: 'unit'; readonly unit: string }
  /** A file whose lock, flock(2), it takes before it writes. */
  | { readonly kind: 'lock'; readonly path: string };

/** Somebody who writes a state, or an application that stands still while it is captured. */
export interface Pause {
  /** Unique within its component. */
  readonly name: string;
  readonly way: PauseWay;
  /** For each of its commands, and for getting a lock. */
  readonly timeoutMs: number;
  /** What follows when it cannot be paused. */
  readonly onError: 'fail' | 'continue';
}

/** What makes an application stand still while it is captured; its `way` is of commands. */
export interface Quiesce extends Pause {
  /** He goes on after this long, whoever has died meanwhile. */
  readonly limitMs: number;
}

/** Each is paused one after the other, before a rollback may look at anything. */
export const WRITERS_MAX = 16;

/** What a freeze for a checkpoint is named by, where a run has its own name. */
export const FREEZE_PREFIX = 'freeze';

/** Whether somebody is paused for a checkpoint, and not for a run of a rollback. */
export function isFreeze(run: string): boolean {
  return run.startsWith(`${FREEZE_PREFIX}_`);
}

/** The name under which the hooks of a component are paused; no writer has one with a blank. */
export function hooksName(component: string): string {
  return `hooks of ${component}`;
}

/** What is done to pause somebody, in words that a person can type. */
export function pauseWords(way: PauseWay): readonly string[] {
  switch (way.kind) {
    case 'commands':
      return way.pause;
    case 'unit':
      return ['systemctl', 'stop', way.unit];
    case 'lock':
      return ['flock', way.path];
    default:
      return assertUnreachable(way);
  }
}

/**
 * What is done to let somebody go on, in words that a person can type. `holder`: the process that
 * holds a lock, where that is known.
 */
export function resumeWords(way: PauseWay, holder?: number): readonly string[] {
  switch (way.kind) {
    case 'commands':
      return way.resume;
    case 'unit':
      return ['systemctl', 'start', way.unit];
    case 'lock':
      // It goes with our own process; by its path one would also end those who wait for it.
      return holder === undefined ? ['lastgood', 'doctor'] : ['kill', `${holder}`];
    default:
      return assertUnreachable(way);
  }
}
