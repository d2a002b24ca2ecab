import type { ErrorEntry } from '../../base/error.ts';

/** Errors of the area `ingest`. */
export const INGEST_ERRORS = {
  LG_INGEST_BODY_MALFORMED: {
    meaning: "An ingest request's body cannot be decoded.",
    hint: 'Send well-formed OTLP as the Content-Type says.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_INGEST_ENCODING_UNSUPPORTED: {
    meaning: 'The content type or encoding is not supported.',
    hint: 'Send application/x-protobuf or application/json, plain, gzip or zstd.',
    exit: 2,
    status: 415,
    retryable: false,
  },
  LG_INGEST_BODY_TOO_LARGE: {
    meaning: 'An ingest body is larger than the limit, compressed or not.',
    hint: 'Send smaller batches.',
    exit: 2,
    status: 413,
    retryable: false,
  },
  LG_INGEST_OVERLOADED: {
    meaning: 'The evidence plane cannot take more at the moment.',
    hint: 'Wait for Retry-After and send again; nothing of this request was kept.',
    exit: 1,
    status: 429,
    retryable: true,
  },
  LG_INGEST_FILE_UNREADABLE: {
    meaning: 'A file that a command names cannot be read.',
    hint: 'Check the path and its permissions.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_INGEST_FILE_EXPANDS: {
    meaning: 'A packed file unfolds further than any log does; its rest is not read.',
    hint: 'Unpack it, and name what matters of it.',
    exit: 2,
    status: 400,
    retryable: false,
  },
  LG_INGEST_SOURCE_UNREADABLE: {
    meaning: 'A source cannot be read.',
    hint: 'Grant what is named here, or remove the source from the configuration.',
    exit: 1,
    status: 500,
    retryable: true,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
