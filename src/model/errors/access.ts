import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `access`. */
export const ACCESS_ERRORS = {
  LG_ACCESS_TOKEN_MISSING: {
    meaning: 'The request carried no access token.',
    hint: 'Send `Authorization: Bearer TOKEN`, or pass --token-file to the command line.',
    exit: 4,
    status: 401,
    retryable: false,
  },
  LG_ACCESS_TOKEN_UNKNOWN: {
    meaning: 'The access token is not known or was revoked.',
    hint: 'Create a token with `lastgood token create --role R` and use that.',
    exit: 4,
    status: 401,
    retryable: false,
  },
  LG_ACCESS_DENIED: {
    meaning: "The caller's role or component scope does not permit this.",
    hint: 'Ask an admin for a token with the role named here.',
    exit: 4,
    status: 403,
    retryable: false,
  },
  LG_ACCESS_HOST_REFUSED: {
    meaning: 'The Host header names a host this daemon does not serve.',
    hint: 'Call it by its listen address or add the name to access.hosts.',
    exit: 4,
    status: 421,
    retryable: false,
  },
  LG_ACCESS_ORIGIN_REFUSED: {
    meaning: 'A browser page of another origin tried to write.',
    hint: "Use the daemon's own UI, or call the API without an Origin header.",
    exit: 4,
    status: 403,
    retryable: false,
  },
  LG_ACCESS_LISTENER_OPEN: {
    meaning: 'A listener off loopback has no TLS or no tokens.',
    hint: 'Configure access.tls and create tokens, or listen on 127.0.0.1.',
    exit: 2,
    status: 500,
    retryable: false,
  },
  LG_ACCESS_SENDERS_OPEN: {
    meaning: 'A listener off loopback, of a protocol without tokens, takes records from anybody.',
    hint: 'List networks in access.senders, or demand certificates over TLS with access.tls.ca.',
    exit: 2,
    status: 500,
    retryable: false,
  },
  LG_ACCESS_TOO_MANY_ATTEMPTS: {
    meaning: 'Too many wrong tokens came from this address.',
    hint: 'Wait for Retry-After, then use a valid token.',
    exit: 4,
    status: 429,
    retryable: true,
  },
  LG_ACCESS_SIGN_IN_EXPIRED: {
    meaning: 'The sign-in link was used already or is too old.',
    hint: 'Make a new one with `lastgood sign-in`.',
    exit: 4,
    status: 403,
    retryable: false,
  },
  LG_ACCESS_TLS_INVALID: {
    meaning: 'The certificate or key of a TLS listener cannot be used.',
    hint: 'Check access.tls: both files readable, PEM, and belonging together.',
    exit: 2,
    status: 500,
    retryable: false,
  },
  LG_ACCESS_AUDIT_BROKEN: {
    meaning: 'The audit chain does not fit together: entries were altered or removed.',
    hint: 'Keep the data directory as it is and compare it with a backup.',
    exit: 1,
    status: 500,
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
