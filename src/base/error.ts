/** The process exit codes of the command line, see the contract. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 70;

/** One entry of the error catalogue: everything about a code that does not change per use. */
export interface ErrorEntry {
  /** What went wrong, in general, for the documentation. One sentence. */
  readonly meaning: string;
  /** What the user can do about it. One sentence, imperative. */
  readonly hint: string;
  /** How the command line exits when this is the outcome. */
  readonly exit: ExitCode;
  /** The HTTP status of the problem document. */
  readonly status: number;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
}

/**
 * An error with a stable code of the catalogue (`model/errors`). `detail` says what, where and the
 * value seen; secrets never belong in it. The hint of the entry says what to do.
 */
export class LastgoodError extends Error {
  readonly code: string;
  readonly entry: ErrorEntry;
  readonly detail: string;

  constructor(code: string, entry: ErrorEntry, detail: string, cause?: unknown) {
    super(`${code}: ${detail}. ${entry.hint}`, cause === undefined ? undefined : { cause });
    this.name = 'LastgoodError';
    this.code = code;
    this.entry = entry;
    this.detail = detail;
  }
}

/** The words of anything thrown, for messages; never a stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of a Node system error such as `ENOENT`, if it is one. */
export function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
