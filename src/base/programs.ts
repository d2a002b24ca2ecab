import { execFile } from 'node:child_process';
import { startPipedProgram, type PipedProgram } from './piped-program.ts';

/** How a program that ends by itself is run. */
export interface OutputOptions {
  /** More output is a failure. */
  readonly bytesMax: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Where programs run: on this host as ourselves, or by a host runner. */
export interface Programs {
  /** As `startPipedProgram`. */
  start(command: readonly string[], onWords?: (said: string) => void): PipedProgram;
  /** What a program writes until it ends; rejects with why where it fails. */
  output(command: readonly string[], options: OutputOptions): Promise<Uint8Array>;
}

const ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** Programs of this host, run as ourselves. */
export const localPrograms: Programs = {
  start: startPipedProgram,
  output([program = '', ...words], { bytesMax: maxBuffer, timeoutMs: timeout, signal }) {
    const killSignal = 'SIGKILL';
    const options = {
      encoding: 'buffer',
      env: ENV,
      maxBuffer,
      timeout,
      killSignal,
      signal,
    } as const;
    return new Promise((resolve, reject) => {
      execFile(program, words, options, (error, stdout) => {
        if (error === null) resolve(stdout);
        else reject(error);
      });
    });
  },
};
