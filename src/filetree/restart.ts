import { OWED_RESTART_PATH, type StateItem } from '../model/capture.ts';
import { hideSecrets } from '../model/secret-text.ts';
import type { Applied, ProviderIo } from '../ports/provider.ts';

/** A command that makes the owner of changed files take notice of them. */
export interface Restart {
  readonly command: readonly string[];
  readonly timeoutMs: number;
}

const NOTE = 'restart-owed';

/** What of a failing command's words is kept: its last sentences say why. */
const STDERR_CHARS = 500;

/**
 * Notes durably that files are about to change and a restart is owed. Until the restart succeeded
 * the state differs from every other by an item of its own, so that a crash between the last
 * file and the restart is found by looking, as any other half-done step.
 */
export async function oweRestart(restart: Restart | undefined, io: ProviderIo): Promise<void> {
  if (restart !== undefined) await io.notes.put(NOTE, 'files were changed');
}

/** The item of an owed restart, if one is owed. */
export async function owedRestart(
  restart: Restart | undefined,
  io: ProviderIo,
): Promise<readonly StateItem[]> {
  if (restart === undefined || (await io.notes.get(NOTE)) === undefined) return [];
  return [{ path: OWED_RESTART_PATH, attributes: { type: 'restart-owed' } }];
}

/** Restarts, and forgets that it was owed once that succeeded. */
export async function runRestart(restart: Restart | undefined, io: ProviderIo): Promise<Applied> {
  if (restart === undefined) return { kind: 'done' };
  const words = hideSecrets(restart.command.join(' '));
  const ran = await io.run(restart.command, { timeoutMs: restart.timeoutMs });
  if (!ran.ok) return { kind: 'unknown', why: `restart \`${words}\`: ${ran.error.detail}` };
  const { exitCode, stderr } = ran.value;
  if (exitCode !== 0) {
    const said = hideSecrets(stderr.trim().slice(-STDERR_CHARS));
    return { kind: 'unknown', why: `restart \`${words}\` exited ${exitCode}: ${said}` };
  }
  await settleRestart(io);
  return { kind: 'done' };
}

/** Forgets that a restart was owed: whoever reads the files has been told. Idempotent. */
export async function settleRestart(io: ProviderIo): Promise<void> {
  await io.notes.remove(NOTE);
}
