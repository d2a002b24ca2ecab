import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `checkpoint`. */
export const CHECKPOINT_ERRORS = {
  LG_CHECKPOINT_UNKNOWN: {
    meaning: 'There is no checkpoint with this id.',
    hint: 'See `lastgood checkpoint list`.',
    exit: 1,
    status: 404,
    retryable: false,
  },
  LG_CHECKPOINT_DAMAGED: {
    meaning: "A checkpoint's stored bytes are missing or were altered.",
    hint: 'Use another checkpoint; run `lastgood checkpoint check` for the whole list.',
    exit: 1,
    status: 500,
    retryable: false,
  },
  LG_CHECKPOINT_NOTHING_TO_CAPTURE: {
    meaning: 'No configured state could be captured.',
    hint: 'Configure components with state, and see `lastgood doctor` for what failed.',
    exit: 1,
    status: 409,
    retryable: false,
  },
  LG_CHECKPOINT_GAVE_WAY: {
    meaning: 'A checkpoint that is taken by itself was given up, because a rollback began.',
    hint: 'Nothing to do: the rollback keeps a checkpoint of its own, and the schedule goes on.',
    exit: 4,
    status: 409,
    retryable: true,
  },
  LG_CHECKPOINT_PINNED: {
    meaning: 'Something keeps the checkpoint; the detail says what.',
    hint: 'Unpin what is pinned. What else keeps one passes by itself; the last good one stays.',
    exit: 4,
    status: 409,
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
