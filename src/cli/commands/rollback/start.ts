import type { Command } from 'commander';
import type { ApiClient, CallAnswer } from '../../../api/client.ts';
import type { ExitCode } from '../../../base/error.ts';
import { addExamples } from '../../example.ts';
import type { AddCommand, Invocation } from '../../invocation.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';
import type { Screen } from '../../screen/screen.ts';
import { followRun } from './run-follow.ts';
import { tellWord } from './second-word.ts';
import { tellChoice } from './show-run.ts';
import { announce } from './show-started.ts';

/** `lastgood rollback apply|undo`: both start a run, and follow it to its end. */
export const addStarting: AddCommand = (rollback, bind) => {
  const apply = addExamples(rollback.command('apply <plan>'), [
    'rollback apply plan_01m7y1zz0hbb5e3mt6',
  ]).description('run a plan and follow it to its end');
  addStartOptions(apply).action(
    bind(async (invocation, options: StartOptions, [id = '']) => {
      const daemon = remoteDaemon(invocation);
      const { planHash } = await daemon.call('planShow', { id });
      const started = await daemon.call('planApply', { id, planHash, ...glassOf(options) });
      return goOn(daemon, started, invocation, options);
    }),
  );
  const undo = addExamples(rollback.command('undo <run>'), [
    'rollback undo run_01m7y2031563eh4wgy',
  ]).description('restore the state before a run');
  addStartOptions(undo).action(
    bind(async (invocation, options: StartOptions, [run = '']) => {
      const daemon = remoteDaemon(invocation);
      const started = await daemon.call('runUndo', { run, ...glassOf(options) });
      return goOn(daemon, started, invocation, options);
    }),
  );
};

interface StartOptions {
  readonly detach?: boolean;
  readonly breakGlass?: string;
}

function addStartOptions(command: Command): Command {
  return command
    .option('--detach', 'answer as soon as the run is journaled')
    .option('--break-glass <reason>', 'replaces a missing second approver; everybody is told');
}

function goOn(
  daemon: ApiClient,
  started: CallAnswer<'planApply'>,
  invocation: Invocation,
  { detach }: StartOptions,
): Promise<ExitCode> {
  return detach === true
    ? detached(daemon, started, invocation.screen)
    : followRun(daemon, started, invocation);
}

function glassOf(options: StartOptions): { readonly breakGlass?: string } {
  return options.breakGlass === undefined ? {} : { breakGlass: options.breakGlass };
}

async function detached(
  daemon: ApiClient,
  started: CallAnswer<'planApply'>,
  screen: Screen,
): Promise<0> {
  announce(started, screen);
  if (screen.isJson) return 0;
  screen.out(`  how it goes: lastgood rollback status ${started.run}`);
  const run = await daemon.call('runShow', { run: started.run });
  if (run.state === 'AWAITING_APPROVAL') tellWord(run, screen);
  tellChoice(started.run, started.token, screen);
  return 0;
}
