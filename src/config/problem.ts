/** One thing wrong with a configuration, and where. */
export interface ConfigProblem {
  readonly code: 'LG_CONFIG_SYNTAX' | 'LG_CONFIG_INVALID' | 'LG_CONFIG_SECRET_IN_CLEAR';
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** `components[0].health[1].http`, '' for the whole file. */
  readonly path: string;
  /** What is wrong, the value seen, what to do. */
  readonly message: string;
}

/** `file:line:column: path: message`, the form editors jump to. */
export function renderProblem(problem: ConfigProblem): string {
  const path = problem.path === '' ? '' : `${problem.path}: `;
  return `${problem.file}:${problem.line}:${problem.column}: ${path}${problem.message}`;
}
