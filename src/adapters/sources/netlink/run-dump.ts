import { messageOf } from '../../../base/error.ts';
import type { Programs } from '../../../base/programs.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { lgError } from '../../../model/errors/lg-error.ts';

/** 20,000 routes are 1 MB and take 34 ms; a full table of the Internet has a million. */
const DUMP_BYTES_MAX = 64 * 1024 * 1024;
const DUMP_TIMEOUT_MS = 10_000;

/** Runs commands one after the other; LG_INGEST_SOURCE_UNREADABLE when one fails. */
export async function runDumps(
  commands: readonly (readonly string[])[],
  programs: Programs,
  signal: AbortSignal,
): Promise<Result<readonly Uint8Array[]>> {
  const dumps: Uint8Array[] = [];
  const options = { bytesMax: DUMP_BYTES_MAX, timeoutMs: DUMP_TIMEOUT_MS, signal };
  for (const command of commands) {
    try {
      dumps.push(await programs.output(command, options));
    } catch (cause) {
      const what = `${command.join(' ')}: ${messageOf(cause)}`.trim();
      return err(lgError('LG_INGEST_SOURCE_UNREADABLE', what, cause));
    }
  }
  return ok(dumps);
}
