import { lgError } from '../../../model/errors/lg-error.ts';
import { addExamples } from '../../example.ts';
import type { AddCommand } from '../../invocation.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';
import { Option } from 'commander';
import { tellForeign } from './foreign-items.ts';
import { exitOfRun, followToEnd } from './run-follow.ts';
import { decided } from './show-run.ts';

type Choice = 'target' | 'before' | 'accept';

/** `lastgood rollback resume`: how a run ends that needs an operator. */
export const addResume: AddCommand = (rollback, bind) => {
  const resume = addExamples(rollback.command('resume <run>'), [
    'rollback resume run_01m7y2031563eh4wgy --to before',
  ]).description('decide a run that needs an operator');
  resume.addOption(
    new Option(
      '--to <choice>',
      'before: take it back; accept: leave as it is; target: that, and a plan from there',
    ).choices(['target', 'before', 'accept']),
  );
  resume.action(
    bind(async (invocation, { to }: { readonly to?: Choice }, [run = '']) => {
      // Nobody else decides whether a half-applied state is accepted: there is no default.
      if (to === undefined) {
        const ask = 'how shall it end? Say --to target, --to before or --to accept';
        throw lgError('LG_RUNTIME_USAGE', ask);
      }
      const daemon = remoteDaemon(invocation);
      if (to === 'before' && !invocation.screen.isJson) {
        // Tried again it would stop at the same place, and say the same.
        const { changes } = await daemon.call('runForeign', { run });
        if (changes.length > 0) {
          const view = await daemon.call('runShow', { run });
          tellForeign(view, changes, invocation.screen);
          return exitOfRun(view);
        }
      }
      const answer = await daemon.call('runResume', { run, choice: to });
      if (to === 'before') return followToEnd(daemon, run, invocation);
      return decided(answer, invocation.screen);
    }),
  );
};
