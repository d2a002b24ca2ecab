import type { GlobalOptions, Screen } from './invocation.ts';

/** The terminal (or pipe) of this process, as the global options want it used. */
export function processScreen(options: GlobalOptions, env: NodeJS.ProcessEnv): Screen {
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

/** A pipe whose reader has left (`lastgood events | head`) ends the command quietly. */
export function endOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 70);
  });
}

/** A terminal over a serial line has 0 columns: as good as unknown. */
function columnsOf(env: NodeJS.ProcessEnv): number {
  const columns = process.stdout.isTTY ? process.stdout.columns : Number(env['COLUMNS']);
  return columns >= 20 ? columns : 80;
}
