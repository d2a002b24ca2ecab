import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `key`. */
export const KEY_ERRORS = {
  LG_KEY_MISSING: {
    meaning: 'The key of this data directory was not found.',
    hint: 'Put the key file back, or name it with LASTGOOD_KEY_FILE.',
    exit: 2,
    status: 500,
    retryable: false,
  },
  LG_KEY_WRONG: {
    meaning: 'The key does not open this data.',
    hint: 'Use the key file that was written when the data directory was made.',
    exit: 2,
    status: 500,
    retryable: false,
  },
  LG_KEY_DAMAGED: {
    meaning: 'The key file does not have the form of a key.',
    hint: 'Restore it from your copy.',
    exit: 2,
    status: 500,
    retryable: false,
  },
  LG_KEY_EXPOSED: {
    meaning: 'Others than the owner can read the key file.',
    hint: 'Run `chmod 600` on the file named here, and consider the key known.',
    exit: 2,
    status: 500,
    retryable: false,
  },
  LG_KEY_EXISTS: {
    meaning: 'A key file exists already and is not overwritten.',
    hint: 'Use the existing key, or name another path.',
    exit: 2,
    status: 409,
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
