import { fromUtf8 } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { assertUnreachable } from '../../base/assert.ts';
import { failedCommand, shownCommand } from '../../model/errors/failed-command.ts';
import { lgError } from '../../model/errors/lg-error.ts';
import { resumeWords, type Pause } from '../../model/component/pause.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RunOutput } from '../../ports/provider.ts';
import type { PausedWriter, RunFolder } from '../deadman/run-folder.ts';

/** Runs a command of a pause; never killed half-way by a stop of ours. */
export type RunPause = (
  words: readonly string[],
  options: { readonly timeoutMs: number },
) => Promise<Result<RunOutput>>;

/** What pausing somebody and letting him go on takes. */
export interface PauseTools {
  readonly run: RunPause;
  readonly clock: Clock;
}

/** To ask whether somebody stands still takes no time worth speaking of. */
const ASK_MS_MAX = 10_000;

/**
 * Lets those of a folder go on who were paused, or the one of a key: the last first, each noted as
 * soon as it is done. Answers why some could not, in sentences; they are tried again next time.
 * `again`: whoever was let go on before as well.
 */
export async function letGo(
  at: RunFolder,
  tools: PauseTools,
  key?: string,
  { again }: { readonly again: boolean } = { again: false },
): Promise<readonly string[]> {
  const file = await at.readRun();
  const left = (file?.paused ?? []).filter(
    (one) => (again || one.resumed !== true) && (key === undefined || one.key === key),
  );
  const problems: string[] = [];
  for (const one of left.toReversed()) {
    const problem = await resume(one, tools);
    if (problem !== undefined) problems.push(`${one.name}: ${problem}`);
    await note(at, one.key, problem);
  }
  return problems;
}

async function note(at: RunFolder, key: string, problem: string | undefined): Promise<void> {
  // Read anew: a command may have taken a minute.
  const file = await at.readRun();
  if (file === undefined) return;
  const paused = (file.paused ?? []).map((one): PausedWriter => {
    if (one.key !== key) return one;
    const { problem: _, ...rest } = one;
    return problem === undefined ? { ...rest, resumed: true } : { ...rest, problem };
  });
  await at.writeRun({ ...file, paused });
}

async function resume(pause: Pause, tools: PauseTools): Promise<string | undefined> {
  // A lock goes with the process that holds it, which looks whether it still should.
  if (pause.way.kind === 'lock') return undefined;
  const words = resumeWords(pause.way);
  const told = await succeed(words, pause.timeoutMs, tools.run);
  if (!told.ok) return told.error.detail;
  const moves = await comesTo(false, pause, pause.timeoutMs, tools);
  return moves ? undefined : `${shownCommand(words)} ended well, and it stands still`;
}

/** Whom a signal stops or a supervisor starts needs a moment until it shows. */
const LOOK_MS = 50;

/** Whether somebody comes to stand still, or to go on, within a time; true when nobody can say. */
export async function comesTo(
  still: boolean,
  pause: Pause,
  withinMs: number,
  { run, clock }: PauseTools,
): Promise<boolean> {
  const end = clock.uptimeMs() + withinMs;
  const isTimeLeft = (): boolean => clock.uptimeMs() < end;
  for (;;) {
    const is = await standsStill(pause, run);
    if (is === undefined || is === still) return true;
    if (!isTimeLeft()) return false;
    await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
  }
}

const ASK_UNIT = ['systemctl', 'show', '--property=LoadState,ActiveState'];

/**
 * Whether a unit stands still by its two states, systemd.unit(5); undefined where there is none of
 * that name. A service that is at work once (`oneshot`) is `activating` meanwhile.
 */
export function unitStandsStill(shown: string): boolean | undefined {
  const lines = shown.split('\n');
  if (!lines.includes('LoadState=loaded')) return undefined;
  return lines.includes('ActiveState=inactive') || lines.includes('ActiveState=failed');
}

/** Whether somebody stands still now; undefined when nobody can say. */
export async function standsStill(pause: Pause, run: RunPause): Promise<boolean | undefined> {
  const { way } = pause;
  const timeoutMs = Math.min(pause.timeoutMs, ASK_MS_MAX);
  switch (way.kind) {
    case 'commands': {
      if (way.paused === undefined) return undefined;
      const asked = await run(way.paused, { timeoutMs });
      return asked.ok ? asked.value.exitCode === 0 : undefined;
    }
    case 'unit': {
      const asked = await run([...ASK_UNIT, way.unit], { timeoutMs });
      return asked.ok ? unitStandsStill(fromUtf8(asked.value.stdout)) : undefined;
    }
    case 'lock':
      return undefined;
    default:
      return assertUnreachable(way);
  }
}

/** Runs a command that has to end with 0. */
export async function succeed(
  words: readonly string[],
  timeoutMs: number,
  run: RunPause,
): Promise<Result<void>> {
  const ended = await run(words, { timeoutMs });
  if (!ended.ok) return ended;
  if (ended.value.exitCode === 0) return ok(undefined);
  return err(lgError('LG_PROVIDER_PAUSE', failedCommand(words, ended.value)));
}
