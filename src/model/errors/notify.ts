import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `notify`. */
export const NOTIFY_ERRORS = {
  LG_NOTIFY_UNREACHABLE: {
    meaning: 'The receiver of notices could not be reached, or did not answer in time.',
    hint: 'Check its URL and that it runs; the notice is sent again.',
    exit: 1,
    status: 502,
    retryable: true,
  },
  LG_NOTIFY_BUSY: {
    meaning: 'The receiver of notices has trouble of its own at the moment.',
    hint: 'Nothing to do: the notice is sent again.',
    exit: 1,
    status: 502,
    retryable: true,
  },
  LG_NOTIFY_REFUSED: {
    meaning: 'The receiver of notices refused one.',
    hint: 'Check the URL and the secret in `notify`; sending the same again would not help.',
    exit: 1,
    status: 502,
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
