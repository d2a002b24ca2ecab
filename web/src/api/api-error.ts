import type { ProblemDocument } from '../../../src/api/contract.ts';

/** A call that failed: the daemon's own code and hint, or that it did not answer. */
export class ApiError extends Error {
  readonly code: string;
  readonly hint: string;
  /** HTTP status, 0 when there was no answer. */
  readonly status: number;

  constructor(problem: Pick<ProblemDocument, 'code' | 'detail' | 'hint' | 'status'>) {
    super(problem.detail);
    this.name = 'ApiError';
    this.code = problem.code;
    this.hint = problem.hint;
    this.status = problem.status;
  }
}

/** The error when nothing answered; the code is the one the command line prints for it. */
export function unreachable(): ApiError {
  return new ApiError({
    code: 'LG_API_DAEMON_UNREACHABLE',
    detail: 'The daemon did not answer.',
    hint: 'Is `lastgood up` running? This page goes on trying.',
    status: 0,
  });
}

/** Whatever was thrown, as an ApiError. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiError({
    code: 'LG_RUNTIME_BUG',
    detail,
    hint: 'This is a fault of the page. Reload it, and report this text.',
    status: 0,
  });
}
