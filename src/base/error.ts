/** The exit codes of the command line with their meaning: scripts rely on them. */
export const EXIT_CODES = {
  0: 'Done; where a question was asked, the answer is yes.',
  1: 'The answer is no, or it could not be done: what was asked for is unknown, full or busy.',
  2: 'The command line or the configuration is wrong, or what is set up cannot be used.',
  3: 'The daemon cannot be reached, or something else answers in its place.',
  4: 'Refused: the caller may not, or it would not be safe now.',
  5: 'A run ended where it began: nothing was changed, or all of it was taken back.',
  6: 'A run needs a person; its status says what for.',
  70: 'A mistake in lastgood itself.',
} as const;

/** One of `EXIT_CODES`. */
export type ExitCode = keyof typeof EXIT_CODES;

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
    // A detail may end with the sentence of somebody else.
    const sentence = detail.endsWith('.') ? detail : `${detail}.`;
    super(`${code}: ${sentence} ${entry.hint}`, cause === undefined ? undefined : { cause });
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
