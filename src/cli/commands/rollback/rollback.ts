import { addCall } from '../../remote/call-command.ts';
import type { AddCommand } from '../../invocation.ts';
import { addAutomatic } from './automatic.ts';
import { addDeciding } from './decide.ts';
import { addExtend } from './extend.ts';
import { addPlan } from './plan.ts';
import { addRollbackList } from './rollback-list.ts';
import { showRun } from './show-run.ts';
import { addResume } from './resume.ts';
import { addSecondWord } from './second-word.ts';
import { addStarting } from './start.ts';
import { shownUndriven } from './undriven.ts';

/** `lastgood rollback …`: from a plan to its end and back, and what begins by itself. */
export const addRollback: AddCommand = (program, bind) => {
  const rollback = program.command('rollback').description('back to a checkpoint, safely');
  addPlan(rollback, bind);
  addStarting(rollback, bind);
  addSecondWord(rollback, bind);
  addDeciding(rollback, bind);
  addExtend(rollback, bind);
  addResume(rollback, bind);
  addRollbackList(rollback, bind);
  addAutomatic(rollback, bind);
  addCall(rollback, bind, {
    words: 'status <run>',
    examples: ['rollback status run_01m7y2031563eh4wgy'],
    about: 'where a run stands, and what remains to be done by hand',
    call: 'runShow',
    withoutDaemon: shownUndriven,
    input: ([run = '']) => ({ run }),
    show: (answer, screen) => void showRun(answer, screen),
  });
};
