import { err, type Result } from '../base/result.ts';
import { lgError } from '../model/errors/lg-error.ts';
import { failedCommand } from '../model/errors/failed-command.ts';
import type { ProviderIo, RunOptions, RunOutput } from '../ports/provider.ts';

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
export function commandFailure(command: readonly string[], ended: RunOutput) {
  return lgError('LG_PROVIDER_COMMAND_FAILED', failedCommand(command, ended));
}
