import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `config`. */
export const CONFIG_ERRORS = {
  LG_CONFIG_UNREADABLE: {
    meaning: 'The configuration file cannot be read.',
    hint: 'Check the path and its permissions.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_CONFIG_SYNTAX: {
    meaning: 'The configuration is not valid YAML.',
    hint: 'Correct the line and column named here.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_CONFIG_INVALID: {
    meaning: 'A configuration value does not fit.',
    hint: 'Correct the value named here; `lastgood config schema` prints what is allowed.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_CONFIG_SECRET_IN_CLEAR: {
    meaning: 'A secret stands in the configuration in clear.',
    hint: 'Refer to it as env:NAME or file:PATH.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_CONFIG_EXISTS: {
    meaning: 'There is a configuration already, and it is not overwritten.',
    hint: 'Name another file with --config, look with --dry-run, or overwrite it with --force.',
    exit: 2,
    status: 409,
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
