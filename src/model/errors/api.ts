import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `api`. */
export const API_ERRORS = {
  LG_API_REQUEST_INVALID: {
    meaning: 'A request does not fit the API.',
    hint: 'Correct the member named here; see /api/v1/openapi.json.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_API_NOT_FOUND: {
    meaning: 'There is no such object or route.',
    hint: 'List what there is and use one of those ids.',
    exit: 1,
    status: 404,
    retryable: false,
  },
  LG_API_METHOD_NOT_ALLOWED: {
    meaning: 'The route exists, but not with this method.',
    hint: 'Use a method of the Allow header; see /api/v1/openapi.json.',
    exit: 2,
    status: 405,
    retryable: false,
  },
  LG_API_BODY_TOO_LARGE: {
    meaning: 'A request body is larger than the limit.',
    hint: 'Send it in smaller parts.',
    exit: 2,
    status: 413,
    retryable: false,
  },
  LG_API_DAEMON_UNREACHABLE: {
    meaning: 'The daemon did not answer.',
    hint: 'Start it with `lastgood up` or name it by --url; without it: `lastgood restore`.',
    exit: 3,
    status: 503,
    retryable: true,
  },
  LG_API_BUSY: {
    meaning: 'The daemon has more requests than it can take now.',
    hint: 'Try again after the time in Retry-After.',
    exit: 1,
    status: 429,
    retryable: true,
  },
  LG_API_MEDIA_UNSUPPORTED: {
    meaning: 'A request body is of a type the API does not read.',
    hint: 'Send application/json.',
    exit: 2,
    status: 415,
    retryable: false,
  },
  LG_API_ANSWER_INVALID: {
    meaning: 'Something answered that is no lastgood daemon, or one of another version.',
    hint: 'Check --url, and that the command line and the daemon are of one version.',
    exit: 3,
    status: 502,
    retryable: false,
  },
  LG_API_CLIENT_SLOW: {
    meaning: 'A request was not sent completely in time.',
    hint: 'Send the whole request at once.',
    exit: 1,
    status: 408,
    retryable: true,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
