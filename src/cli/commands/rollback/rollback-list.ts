import type { CallAnswer } from '../../../api/client.ts';
import { AUTOMATIC } from '../../../model/access/principal.ts';
import { componentsOf, isTerminal } from '../../../model/run/run.ts';
import type { AddCommand } from '../../invocation.ts';
import { fromDataDirectory } from '../../offline/read-without-daemon.ts';
import { addCall, textOption } from '../../remote/call-command.ts';
import { harmless, paint } from '../../screen/paint.ts';
import { showTable } from '../../screen/table.ts';

/** `lastgood rollback list`: what was run, newest first. */
export const addRollbackList: AddCommand = (rollback, bind) => {
  addCall(rollback, bind, {
    words: 'list',
    examples: ['rollback list', 'rollback list --limit 5'],
    about: 'runs, newest first',
    options: [['--limit <n>', 'how many at most; 100 when not given']],
    call: 'runList',
    withoutDaemon: fromDataDirectory('runList'),
    input: (_args, options) => {
      const limit = textOption(options['limit']);
      return limit === undefined ? {} : { limit: Number(limit) };
    },
    show: ({ runs, unread }, screen) => {
      showTable(
        screen,
        'no runs',
        ['RUN', 'STARTED (UTC)', 'STATE', 'OF', 'TO', 'WHY'],
        runs.map((run) => {
          const tone = run.state === 'COMMITTED' ? 'good' : isTerminal(run.state) ? 'bad' : 'warn';
          const to = run.undoOf === undefined ? run.target : `undo of ${run.undoOf}`;
          const state = paint(screen, tone, run.state);
          const of = componentsOf(run).join(', ');
          return [run.run, run.startedAt.slice(0, 19), state, of, to, whyOf(run)];
        }),
      );
      for (const run of unread ?? []) screen.note(`the journal of run ${run} cannot be read`);
    },
  });
};

/** Why it ended as it did, and that a person has decided it since. */
function whyOf({ why = '', released, requestedBy }: CallAnswer<'runShow'>): string {
  const byItself = requestedBy === AUTOMATIC ? ['began by itself'] : [];
  const left = released === undefined ? [] : [`left as it is: ${released}`];
  return harmless([...byItself, ...left, why].filter((text) => text !== '').join('; '));
}
