import { addExamples } from '../../example.ts';
import type { AddCommand } from '../../invocation.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';
import { followToEnd } from './run-follow.ts';
import { decided } from './show-run.ts';
import { addTokenOption } from './token-option.ts';

/**
 * `lastgood rollback confirm|cancel`: both decide a run and then follow it: only its end says
 * whether it was done.
 */
export const addDeciding: AddCommand = (rollback, bind) => {
  const confirm = addExamples(rollback.command('confirm <run>'), [
    'rollback confirm run_01m7y2031563eh4wgy --token TOKEN',
  ]).description('keep the new state, and follow the run to its end');
  addTokenOption(confirm);
  confirm.option('--detach', 'answer as soon as the decision is journaled');
  confirm.action(
    bind(async (invocation, { token, detach }: ConfirmOptions, [run = '']) => {
      const daemon = remoteDaemon(invocation);
      // The nonce is fetched now: it proves that this connection was opened after the change.
      const { nonce = 'none' } = await daemon.call('runShow', { run });
      const answer = await daemon.call('runConfirm', {
        run,
        nonce,
        ...(token === undefined ? {} : { token }),
      });
      return detach === true
        ? decided(answer, invocation.screen)
        : followToEnd(daemon, run, invocation);
    }),
  );
  const cancel = addExamples(rollback.command('cancel <run>'), [
    'rollback cancel run_01m7y2031563eh4wgy',
  ]).description('go back to the state before the run, and follow it there; always safe');
  cancel.option('--detach', 'answer as soon as the decision is journaled');
  // Whoever has just copied it from the line above must not be stopped by it while the clock runs.
  cancel.option('--token <token>', 'not needed: to cancel is always safe');
  cancel.action(
    bind(async (invocation, { detach }: Pick<ConfirmOptions, 'detach'>, [run = '']) => {
      const daemon = remoteDaemon(invocation);
      const answer = await daemon.call('runCancel', { run });
      return detach === true
        ? decided(answer, invocation.screen)
        : followToEnd(daemon, run, invocation);
    }),
  );
};

interface ConfirmOptions {
  readonly token?: string;
  readonly detach?: boolean;
}
