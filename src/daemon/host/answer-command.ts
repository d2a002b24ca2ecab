import { fromBase64, toBase64 } from '../../base/bytes.ts';
import type { Json } from '../../base/canonical-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { HostRunner } from '../../runner/host-runner.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import type { Bus } from '../../ports/bus.ts';
import type { RunCommand } from '../../recovery/gate/probe.ts';
import type { AllowList } from './allow-list.ts';
import { commandAnswer, commandAsk, commandSubject } from './messages.ts';

/** A command ends at its own deadline; the message needs a moment more. */
const TRAVEL_MS = 2_000;

/** Runs a command of the configuration for the core, and refuses every other one. */
export async function answerCommand(
  payload: Json,
  allowed: AllowList,
  runner: HostRunner,
): Promise<Result<Json>> {
  const ask = commandAsk.safeParse(payload);
  if (!ask.success) return err(lgError('LG_RUNTIME_USAGE', 'a command is a list of words'));
  const { words, timeoutMs } = ask.data;
  const refusal = allowed.refuseCommand(words);
  if (refusal !== undefined) return err(refusal);
  const ran = await runner.run(words, { timeoutMs });
  if (!ran.ok) return ran;
  const { exitCode, stdout, stderr } = ran.value;
  return ok({ exitCode, stdout: toBase64(stdout), stderr });
}

/** Has the host runner at the other end of a bus run commands. */
export function commandsOver(bus: Pick<Bus, 'request'>, host: () => string): RunCommand {
  return async (words, { timeoutMs }) => {
    const subject = commandSubject(host());
    const answer = await bus.request(
      subject,
      { words: [...words], timeoutMs },
      timeoutMs + TRAVEL_MS,
    );
    if (!answer.ok) return answer;
    const output = commandAnswer.safeParse(answer.value);
    if (!output.success) return err(lgError('LG_RUNTIME_BUG', `${subject} answered otherwise`));
    return ok({ ...output.data, stdout: fromBase64(output.data.stdout) });
  };
}
