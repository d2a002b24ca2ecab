import { toSecond } from '../../base/time.ts';
import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';
import { harmless, paint } from '../screen/paint.ts';
import { remoteDaemon } from '../remote/remote-daemon.ts';

/** `lastgood audit`: who did what, from a hash chain. */
export const addAudit: AddCommand = (program, bind) => {
  addExamples(program.command('audit'), ['audit', 'audit --verify'])
    .description('who did what, oldest first')
    .option('--verify', 'verify the hash chain')
    .action(
      bind(async (invocation, options: { readonly verify?: boolean }) => {
        const { screen } = invocation;
        const daemon = remoteDaemon(invocation);
        if (options.verify === true) {
          const verdict = await daemon.call('auditVerify', {});
          if (screen.isJson) screen.json(verdict);
          const words = verdict.ok
            ? paint(screen, 'good', 'whole')
            : paint(screen, 'bad', 'broken');
          screen.out(
            `the audit chain of ${verdict.entries} entries is ${words}; head ${verdict.head}`,
          );
          if (verdict.problem !== undefined) screen.out(harmless(verdict.problem));
          return verdict.ok ? 0 : 1;
        }
        const { entries } = await daemon.call('auditList', {});
        if (screen.isJson) screen.json({ entries });
        for (const one of entries) {
          const mark = paint(screen, one.outcome === 'done' ? 'good' : 'bad', one.outcome);
          screen.out(
            `${toSecond(one.at)} ${one.principal} ${one.action} ${mark} ` +
              harmless(`${one.object} ${one.detail}`),
          );
        }
        return 0;
      }),
    );
};
