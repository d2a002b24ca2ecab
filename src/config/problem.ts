/** One thing wrong with a configuration, and where. */
export interface ConfigProblem {
  readonly code:
    | 'LG_CONFIG_SYNTAX'
    | 'LG_CONFIG_INVALID'
    | 'LG_CONFIG_SECRET_IN_CLEAR'
    | OpenListenerCode;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** `components[0].health[1].http`, '' for the whole file. */
  readonly path: string;
  /** What is wrong, the value seen, what to do. */
  readonly message: string;
  /** Names and what must fit together could not be judged because of this one. */
  readonly hidesMore?: true;
}

/** What a listener that anybody reaches is refused with, by its protocol. */
export type OpenListenerCode = 'LG_ACCESS_LISTENER_OPEN' | 'LG_ACCESS_SENDERS_OPEN';

/** What is wrong, by its path within the document; where that is written is told later. */
export interface FoundProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly value?: unknown;
  /** The key is at fault, not its value. */
  readonly atKey?: boolean;
  /** The code when it is not LG_CONFIG_INVALID. */
  readonly refusal?: OpenListenerCode;
}

/** `file:line:column: path: message`, the form editors jump to. */
export function renderProblem(problem: ConfigProblem): string {
  const path = problem.path === '' ? '' : `${problem.path}: `;
  return `${problem.file}:${problem.line}:${problem.column}: ${path}${problem.message}`;
}
