import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `store`. */
export const STORE_ERRORS = {
  LG_STORE_DISK_FULL: {
    meaning: 'The disk is full: nothing of this write was kept.',
    hint:
      'Free space where this was written; storage.maxBytes and storage.keep bound evidence, ' +
      'whose ingest resumes by itself.',
    exit: 1,
    status: 507,
    retryable: true,
  },
  LG_STORE_WRITE_FAILED: {
    meaning: 'A write to the data directory failed.',
    hint: 'Check the disk; see the cause.',
    exit: 1,
    status: 500,
    retryable: true,
  },
  LG_STORE_SEGMENT_DAMAGED: {
    meaning: 'A sealed segment is missing or was altered; it was set aside.',
    hint: 'Restore it from a backup; the rest stays readable.',
    exit: 1,
    status: 500,
    retryable: false,
  },
  LG_STORE_QUERY_INVALID: {
    meaning: 'A query cannot be answered as asked.',
    hint: 'Correct the member named here.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_STORE_CONFLICT: {
    meaning: 'Somebody else appended to this stream first.',
    hint: 'Read it again and decide anew.',
    exit: 1,
    status: 409,
    retryable: true,
  },
  LG_STORE_CLOSED: {
    meaning: 'The store is closed or closing.',
    hint: 'Wait for the daemon to be up again.',
    exit: 1,
    status: 503,
    retryable: true,
  },
  LG_STORE_CONTROL_DAMAGED: {
    meaning: 'The control database, or an entry in it, is damaged.',
    hint: 'Stop the daemon, keep the file, and restore the data directory from a backup.',
    exit: 1,
    status: 500,
    retryable: false,
  },
  LG_STORE_NO_MEMORY_FILES: {
    meaning:
      'No folder of this host keeps its files in memory; plain evidence may lie nowhere else.',
    hint: 'Mount a tmpfs at /dev/shm, 256 MB or more (containers: --shm-size).',
    exit: 2,
    status: 500,
    retryable: false,
  },
  LG_STORE_ENGINE_FAILED: {
    meaning: 'The query engine failed; what is stored is safe in the log and in the segments.',
    hint: 'Ask again, or for less at once.',
    exit: 1,
    status: 500,
    retryable: true,
  },
  LG_STORE_BATCH_INVALID: {
    meaning: 'A batch of records is larger than the store takes at once, or malformed.',
    hint: 'Send fewer records in one request.',
    exit: 1,
    status: 413,
    retryable: false,
  },
  LG_STORE_CATALOGUE_DAMAGED: {
    meaning: 'The catalogue of sealed segments cannot be read.',
    hint: 'Restore the data directory from a backup.',
    exit: 1,
    status: 500,
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
