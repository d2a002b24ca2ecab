import { messageOf } from '../../base/error.ts';
import { lgError } from '../../model/errors/lg-error.ts';

/** Where a command writes. Results go to `out`; progress and remarks to `note`. */
export interface Screen {
  /** One line of the result on stdout. */
  out(line: string): void;
  /** One line on stderr; nothing with --quiet. */
  note(line: string): void;
  /** The one JSON document, or one line of a stream. */
  json(value: unknown): void;
  readonly isJson: boolean;
  /** Whether stdout may carry colors. */
  readonly hasColor: boolean;
  /** Columns of the terminal, 80 where there is none. */
  readonly columns: number;
}

/** What the global options say about it. */
interface ScreenOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** The terminal (or pipe) of this process, as the global options want it used. */
export function processScreen(options: ScreenOptions, env: NodeJS.ProcessEnv): Screen {
  const isJson = options.json === true;
  const noColor = options.color === false || (env['NO_COLOR'] ?? '') !== '';
  return {
    isJson,
    hasColor: !noColor && !isJson && process.stdout.isTTY,
    columns: columnsOf(env),
    out: (line) => {
      if (!isJson) process.stdout.write(`${line}\n`);
    },
    note: (line) => {
      if (options.quiet !== true) process.stderr.write(`${line}\n`);
    },
    json: (value) => process.stdout.write(`${JSON.stringify(value)}\n`),
  };
}

/**
 * A pipe whose reader has left (`lastgood events | head`) ends the command quietly; what cannot be
 * written otherwise, as on a full disk, ends it with 1, because the answer is not whole.
 */
export function endOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    const { message } = lgError('LG_RUNTIME_OUTPUT', `stdout: ${messageOf(error)}`, error);
    process.stderr.write(`error ${message}\n`);
    process.exit(1);
  });
}

/** A terminal over a serial line has 0 columns: as good as unknown. */
function columnsOf(env: NodeJS.ProcessEnv): number {
  const columns = process.stdout.isTTY ? process.stdout.columns : Number(env['COLUMNS']);
  return columns >= 20 ? columns : 80;
}
