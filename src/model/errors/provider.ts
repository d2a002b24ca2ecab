import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `provider`. */
export const PROVIDER_ERRORS = {
  LG_PROVIDER_UNKNOWN: {
    meaning: 'There is no provider of this name.',
    hint: 'See the provider table in the documentation.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_PROVIDER_SPEC_INVALID: {
    meaning: "A provider's settings do not fit.",
    hint: 'Correct the member named here.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_PROVIDER_UNREADABLE: {
    meaning: 'A provider could not read the state it looks after.',
    hint: 'Grant what is named here; `lastgood doctor` prints the command.',
    exit: 1,
    status: 500,
    retryable: false,
  },
  LG_PROVIDER_APPLY_FAILED: {
    meaning: 'A provider could not bring the state to its desired form.',
    hint: 'See the reason; the run reverts by itself.',
    exit: 5,
    status: 500,
    retryable: false,
  },
  LG_PROVIDER_COMMAND_FAILED: {
    meaning: 'A command failed or took too long.',
    hint: 'Run it by hand and mend what it says.',
    exit: 1,
    status: 500,
    retryable: false,
  },
  LG_PROVIDER_TOO_LARGE: {
    meaning: 'The state is larger than a checkpoint may hold.',
    hint: 'Narrow the paths, or raise the limit named here.',
    exit: 1,
    status: 413,
    retryable: false,
  },
  LG_PROVIDER_TIMEOUT: {
    meaning: 'A provider did not answer within its deadline.',
    hint: 'See `lastgood doctor`; try again when the host answers.',
    exit: 1,
    status: 504,
    retryable: true,
  },
  LG_PROVIDER_TOKEN_STALE: {
    meaning: 'A call carried an old fencing token.',
    hint: 'Nothing to do: a newer daemon has taken over.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_PROVIDER_TARGET_CHANGED: {
    meaning: 'The target is not the one the change was planned for.',
    hint: 'See which host this is; make a new plan for it if you mean it.',
    exit: 4,
    status: 409,
    retryable: false,
  },
  LG_PROVIDER_FOREIGN_CHANGE: {
    meaning: 'Somebody else changed the state after it was looked at; nothing was overwritten.',
    hint: 'See what was changed and by whom; then make a new plan.',
    exit: 5,
    status: 409,
    retryable: false,
  },
  LG_PROVIDER_IMAGE_UNKNOWN: {
    meaning: 'The privileged host runner was asked to apply what it did not capture itself.',
    hint: 'Take a new one; or `lastgood restore` it as root, the daemon stopped, if you trust it.',
    exit: 4,
    status: 403,
    retryable: false,
  },
  LG_PROVIDER_NOT_ALLOWED: {
    meaning: 'The host process was asked for something that its configuration does not name.',
    hint: 'If you meant it, add it to lastgood.yaml; restart the host runner, then the daemon.',
    exit: 1,
    status: 403,
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
