import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `incident`. */
export const INCIDENT_ERRORS = {
  LG_INCIDENT_UNKNOWN: {
    meaning: 'There is no incident with this id.',
    hint: 'See `lastgood incident list`.',
    exit: 1,
    status: 404,
    retryable: false,
  },
  LG_INCIDENT_CLOSED: {
    meaning: 'The incident is closed.',
    hint: 'Nothing to do: trouble that comes again opens a new incident.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_INCIDENT_RUN_ACTIVE: {
    meaning: 'A rollback for the incident is still running.',
    hint: 'Wait for its end, confirm or cancel it first.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_INCIDENT_REASON_MISSING: {
    meaning: 'An incident cannot be closed without a reason.',
    hint: 'Say in a few words why it is over, with --reason.',
    exit: 2,
    status: 400,
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
