import { execFile } from 'node:child_process';
import { messageOf } from '../../../base/error.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';

/** 20,000 routes are 1 MB and take 34 ms; a full table of the Internet has a million. */
const DUMP_BYTES_MAX = 64 * 1024 * 1024;
const DUMP_TIMEOUT_MS = 10_000;

const ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** Runs commands one after the other; LG_INGEST_SOURCE_UNREADABLE when one fails. */
export async function runDumps(
  commands: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<Result<readonly Uint8Array[]>> {
  const dumps: Uint8Array[] = [];
  for (const command of commands) {
    try {
      dumps.push(await runDump(command, signal));
    } catch (cause) {
      const what = `${command.join(' ')}: ${messageOf(cause)}`.trim();
      return err(lgError('LG_INGEST_SOURCE_UNREADABLE', what, cause));
    }
  }
  return ok(dumps);
}

function runDump(command: readonly string[], signal: AbortSignal): Promise<Uint8Array> {
  const [program = '', ...words] = command;
  const options = {
    encoding: 'buffer',
    env: ENV,
    maxBuffer: DUMP_BYTES_MAX,
    timeout: DUMP_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    signal,
  } as const;
  return new Promise((resolve, reject) => {
    execFile(program, words, options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(error);
    });
  });
}
