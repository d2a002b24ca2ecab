import { lgError } from '../../model/errors/lg-error.ts';
import { addExamples } from '../example.ts';
import type { AddCommand } from '../invocation.ts';

interface DeadManOwnOptions {
  readonly folder?: string;
  readonly keyFile?: string;
  readonly leaveGroups?: true;
  readonly ahead?: true;
}

/** `lastgood deadman RUN`: what the host runner starts before a rollback changes anything. */
export const addDeadMan: AddCommand = (program, bind) => {
  addExamples(program.command('deadman'), [
    'deadman RUN --folder /var/lib/lastgood/host --key-file /var/lib/lastgood/key',
  ])
    .argument('<run>', 'the run it stands by for')
    .description(
      'take a rollback back at its deadline when nobody else does; started by lastgood itself',
    )
    .option('--folder <path>', 'the folder of the host runner that armed it')
    .option('--key-file <path>', 'the key that folder is encrypted with')
    .option('--leave-groups', 'leave the control groups it was started in; for root')
    .option('--ahead', 'wait for its order, which comes within a minute or not at all')
    .action(
      bind(
        async (
          { env, signal },
          { folder, keyFile, leaveGroups, ahead }: DeadManOwnOptions,
          [run],
        ) => {
          if (run === undefined || folder === undefined || keyFile === undefined) {
            const what = 'a dead-man is started by the host runner, with --folder and --key-file';
            throw lgError('LG_RUNTIME_USAGE', what);
          }
          const { standByForRun } = await import('../../daemon/deadman/run-deadman.ts');
          const leavesGroups = leaveGroups === true;
          const isAhead = ahead === true;
          return standByForRun({ run, folder, keyFile, leavesGroups, isAhead, env, signal });
        },
        { drains: true },
      ),
    );
};
