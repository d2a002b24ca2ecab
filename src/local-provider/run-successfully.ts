import { err, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { hideSecrets } from '../model/checkpoint/secret-text.ts';
import type { ProviderIo, RunOptions, RunOutput } from '../ports/provider.ts';

/** What of a failing command's words is kept: its last sentences say why. */
const STDERR_CHARS = 500;

/** Runs a command; LG_PROVIDER_COMMAND_FAILED with its last words when it exits other than 0. */
export async function runSuccessfully(
  command: readonly string[],
  options: RunOptions,
  io: ProviderIo,
): Promise<Result<RunOutput>> {
  const ran = await io.run(command, options);
  return !ran.ok || ran.value.exitCode === 0 ? ran : err(commandFailure(command, ran.value));
}

/** The error of a command that ended otherwise than it should. */
export function commandFailure(command: readonly string[], { exitCode, stderr }: RunOutput) {
  const said = hideSecrets(stderr.trim().slice(-STDERR_CHARS));
  const what = `\`${hideSecrets(command.join(' '))}\` exited ${exitCode}: ${said}`;
  return lgError('LG_PROVIDER_COMMAND_FAILED', what);
}
