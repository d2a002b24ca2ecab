import { lgError } from '../../../model/errors/lg-error.ts';
import { addCall, textOption } from '../../remote/call-command.ts';
import type { AddCommand } from '../../invocation.ts';
import { addAutomatic } from './automatic.ts';
import { addDeciding } from './decide.ts';
import { addPlan } from './plan.ts';
import { addRollbackList } from './rollback-list.ts';
import { exitOfRun, showRun } from './run-follow.ts';
import { addSecondWord } from './second-word.ts';
import { addStarting } from './start.ts';

/** `lastgood rollback …`: plan, apply, approve, confirm, cancel, undo. */
export const addRollback: AddCommand = (program, bind) => {
  const rollback = program.command('rollback').description('back to a checkpoint, safely');
  addPlan(rollback, bind);
  addStarting(rollback, bind);
  addSecondWord(rollback, bind);
  addDeciding(rollback, bind);
  addRollbackList(rollback, bind);
  addAutomatic(rollback, bind);
  addCall(rollback, bind, {
    words: 'status <run>',
    examples: ['rollback status run_01m7y2031563eh4wgy'],
    about: 'where a run stands, and what remains to be done by hand',
    call: 'runShow',
    input: ([run = '']) => ({ run }),
    show: (answer, screen) => void showRun(answer, screen),
  });
  addCall(rollback, bind, {
    words: 'resume <run>',
    examples: ['rollback resume run_01m7y2031563eh4wgy --to before'],
    about: 'decide a run that needs an operator',
    options: [
      [
        '--to <choice>',
        'target: finish it; before: take it back; accept: leave as it is',
        ['target', 'before', 'accept'],
      ],
    ],
    call: 'runResume',
    input: ([run = ''], options) => ({ run, choice: choiceOf(textOption(options['to'])) }),
    show: (answer, screen) => void showRun(answer, screen),
    judge: exitOfRun,
  });
};

/** Nobody else decides whether a half-applied state is accepted: there is no default. */
function choiceOf(text: string | undefined): 'target' | 'before' | 'accept' {
  if (text === 'target' || text === 'before' || text === 'accept') return text;
  throw lgError(
    'LG_RUNTIME_USAGE',
    'how shall it end? Say --to target, --to before or --to accept',
  );
}
