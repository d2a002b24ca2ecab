import { parseDuration } from '../../../base/time.ts';
import { lgError } from '../../../model/errors/lg-error.ts';
import { CONFIRM_MS_MAX } from '../../../model/run/confirm-time.ts';
import { addExamples } from '../../example.ts';
import type { AddCommand } from '../../invocation.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';
import { decided } from './show-run.ts';
import { addTokenOption } from './token-option.ts';

interface ExtendOptions {
  readonly token?: string;
  readonly by?: string;
}

/** `lastgood rollback extend`: more time to decide about a run, on every timer that watches it. */
export const addExtend: AddCommand = (rollback, bind) => {
  const extend = addExamples(rollback.command('extend <run>'), [
    'rollback extend run_01m7y2031563eh4wgy --token TOKEN --by 10m',
  ]).description('give a run that waits to be confirmed more time, an hour in all at most');
  addTokenOption(extend);
  extend.option('--by <duration>', 'how long beyond its deadline: a duration, as 10m');
  extend.action(
    bind(async (invocation, { token, by }: ExtendOptions, [run = '']) => {
      const ms = by === undefined ? undefined : parseDuration(by);
      if (ms === undefined || ms < 1000) {
        throw lgError('LG_RUNTIME_USAGE', `say by how long, as --by 10m, not ${by ?? 'nothing'}`);
      }
      if (ms > CONFIRM_MS_MAX) {
        const most = 'no run waits for longer than an hour in all';
        throw lgError('LG_RUNTIME_USAGE', `say 1h or less, not --by ${by}: ${most}`);
      }
      const daemon = remoteDaemon(invocation);
      const { nonce } = await daemon.call('runShow', { run });
      const answer = await daemon.call('runExtend', {
        run,
        seconds: Math.floor(ms / 1000),
        ...(nonce === undefined ? {} : { nonce }),
        ...(token === undefined ? {} : { token }),
      });
      return decided(answer, invocation.screen);
    }),
  );
};
