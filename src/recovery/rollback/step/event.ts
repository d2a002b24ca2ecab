import type { LastgoodError } from '../../../base/error.ts';
import type { RunEntry } from '../../../model/run/run-journal.ts';
import type { Act, ActResult } from './act.ts';

/** What the driver must do, in this order; `append` must be durable before the next is begun. */
export type Effect =
  | { readonly kind: 'append'; readonly entry: RunEntry }
  | { readonly kind: 'act'; readonly id: number; readonly act: Act }
  | { readonly kind: 'notify'; readonly notice: Omit<Notice, 'run'> }
  /** Send a `tick` after this long, in place of any tick asked for before. */
  | { readonly kind: 'wake'; readonly afterMs: number }
  | { readonly kind: 'answer'; readonly ask: number; readonly error?: LastgoodError }
  | { readonly kind: 'unlock' };

interface Notice {
  readonly run: string;
  readonly urgency: 'info' | 'warning' | 'critical';
  readonly title: string;
  readonly text: string;
}

/**
 * How a confirm came: over the network from another machine, from this one, or by a person at the
 * terminal of a run without a daemon, who has no other way.
 */
export type ConfirmWay = 'network' | 'loopback' | 'console';

/** What happens to a run. `ask` names who waits for an `answer`. */
export type RunEvent =
  | { readonly kind: 'acted'; readonly id: number; readonly result: ActResult }
  | { readonly kind: 'tick' }
  | { readonly kind: 'hold'; readonly on: boolean }
  | {
      readonly kind: 'approve';
      readonly ask: number;
      readonly by: string;
      /** The hash of the plan that was looked at, as the caller gives it. */
      readonly planHash: string;
    }
  | {
      readonly kind: 'reject';
      readonly ask: number;
      readonly by: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'confirm';
      readonly ask: number;
      readonly by: string;
      /** SHA-256 of the token given; absent: none was. */
      readonly tokenHash?: string;
      readonly nonce: string;
      readonly via: ConfirmWay;
    }
  /** Whoever decides needs more time: so many seconds beyond the deadline. */
  | {
      readonly kind: 'extend';
      readonly ask: number;
      readonly by: string;
      /** SHA-256 of the token given; absent: none was. */
      readonly tokenHash?: string;
      /** Compared where it is given. */
      readonly nonce?: string;
      readonly seconds: number;
    }
  /** A confirm that was refused is to be kept as a fact. */
  | {
      readonly kind: 'confirm-refused';
      readonly ask: number;
      readonly by: string;
      readonly code: string;
      readonly why: string;
    }
  | { readonly kind: 'cancel'; readonly ask: number; readonly by: string }
  /** Out of NEEDS_OPERATOR: try again to reach P. */
  | { readonly kind: 'resume'; readonly ask: number; readonly by: string }
  /** Out of NEEDS_OPERATOR: accept everything as it is and let the locks go. */
  | {
      readonly kind: 'release';
      readonly ask: number;
      readonly by: string;
      readonly reason: string;
    };
