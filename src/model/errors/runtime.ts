import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `runtime`. */
export const RUNTIME_ERRORS = {
  LG_RUNTIME_BUG: {
    meaning: 'Something happened that must not.',
    hint: 'Please report it with the log.',
    exit: 70,
    status: 500,
    retryable: false,
  },
  LG_RUNTIME_NODE_TOO_OLD: {
    meaning: 'This Node is older than 24.',
    hint: 'Install Node 24, or run `npm ci` in a checkout, which brings it.',
    exit: 2,
    status: 500,
    retryable: false,
  },
  LG_RUNTIME_DAEMON_RUNNING: {
    meaning: 'Another daemon uses this data directory.',
    hint: 'Use that one, stop it, or name another directory with --data.',
    exit: 2,
    status: 409,
    retryable: false,
  },
  LG_RUNTIME_PORT_TAKEN: {
    meaning: 'A port is taken by another process.',
    hint: 'Stop that process or move the listener in `listen`.',
    exit: 2,
    status: 500,
    retryable: false,
  },
  LG_RUNTIME_USAGE: {
    meaning: 'The command line does not fit.',
    hint: 'See `lastgood help`.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_RUNTIME_DATA_UNUSABLE: {
    meaning: 'The data directory cannot be used.',
    hint: 'Check its path, owner and free space.',
    exit: 2,
    status: 500,
    retryable: false,
  },
  LG_RUNTIME_EVIDENCE_DOWN: {
    meaning: 'The evidence process is not there at the moment.',
    hint: 'It is being started again; recovery goes on meanwhile.',
    exit: 1,
    status: 503,
    retryable: true,
  },
  LG_RUNTIME_HOST_DOWN: {
    meaning: 'The host process, which alone touches this host, is gone.',
    hint: 'The daemon ends because of it: start it again as root.',
    exit: 1,
    status: 503,
    retryable: true,
  },
  LG_RUNTIME_DEADLINE: {
    meaning: 'An internal call took longer than its deadline.',
    hint: 'Try again; see `lastgood doctor` if it persists.',
    exit: 1,
    status: 504,
    retryable: true,
  },
  LG_RUNTIME_BACKUP_DAMAGED: {
    meaning: 'A backup is incomplete or was altered.',
    hint: 'Use another backup.',
    exit: 1,
    status: 500,
    retryable: false,
  },
  LG_RUNTIME_TARGET_NOT_EMPTY: {
    meaning: 'The folder to write to is not empty.',
    hint: 'Name an empty or new folder.',
    exit: 2,
    status: 409,
    retryable: false,
  },
  LG_RUNTIME_MESSAGE_INVALID: {
    meaning: 'Another process of ours sent something that is no message.',
    hint: 'Restart the daemon; make sure both processes are of one version.',
    exit: 70,
    status: 500,
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
