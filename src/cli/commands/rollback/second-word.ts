import { toSecond } from '../../../base/time.ts';
import type { CallAnswer } from '../../../api/client.ts';
import { addExamples } from '../../example.ts';
import type { AddCommand } from '../../invocation.ts';
import { addCall, textOption } from '../../remote/call-command.ts';
import { remoteDaemon } from '../../remote/remote-daemon.ts';
import { harmless, paint } from '../../screen/paint.ts';
import type { Screen } from '../../screen/screen.ts';

type Run = CallAnswer<'runShow'>;

/** `lastgood rollback approve|reject`: the second word for a plan that would lose something. */
export const addSecondWord: AddCommand = (rollback, bind) => {
  const approve = addExamples(rollback.command('approve <run>'), [
    'rollback approve run_01m7y2031563eh4wgy',
  ]).description('the second word for a run that waits for it; never by who asked for the run');
  approve.option('--plan-hash <hash>', 'refuse unless the run is of the plan with this hash');
  approve.action(
    bind(async (invocation, options: { readonly planHash?: string }, [run = '']) => {
      const { screen } = invocation;
      const daemon = remoteDaemon(invocation);
      const waiting = await daemon.call('runShow', { run });
      const planHash = options.planHash ?? waiting.planHash;
      const approved = await daemon.call('runApprove', { run, planHash });
      if (screen.isJson) {
        screen.json(approved);
        return 0;
      }
      screen.out(`approved ${run}, asked for by ${harmless(waiting.requestedBy)}:`);
      showRisks(waiting, screen);
      screen.out(`  it goes on, and its token confirms it: lastgood rollback status ${run}`);
      return 0;
    }),
  );
  addCall(rollback, bind, {
    words: 'reject <run>',
    examples: [
      'rollback reject run_01m7y2031563eh4wgy --reason "the orders of today would be lost"',
    ],
    about: 'end a run that waits for the second word; nothing was changed',
    options: [['--reason <text>', 'why not; who asked for the run reads it']],
    call: 'runReject',
    input: ([run = ''], options) => ({ run, reason: textOption(options['reason']) ?? '' }),
    show: ({ run }, screen) => void screen.out(`rejected ${run}; nothing was changed`),
  });
};

/** Prints what a run waits for, what whoever approves it answers for, and how it is answered. */
export function tellWord(run: Run, screen: Screen): void {
  const { approval } = run;
  if (approval === undefined) return;
  const until = toSecond(approval.until);
  screen.out(`  waits for a second person until ${until}: ${harmless(approval.why)}`);
  showRisks(run, screen);
  screen.out(`    plan ${run.plan}, hash ${run.planHash}`);
  screen.out(`  an approver other than ${harmless(run.requestedBy)} answers:`);
  screen.out(`    agree:  lastgood rollback approve ${run.run}`);
  screen.out(`    refuse: lastgood rollback reject ${run.run} --reason WHY`);
  screen.out(
    `  nobody there? lastgood rollback cancel ${run.run}, then apply ${run.plan} with ` +
      '--break-glass REASON: everybody is told',
  );
}

function showRisks({ approval }: Run, screen: Screen): void {
  for (const risk of approval?.risks ?? []) {
    screen.out(`    ${paint(screen, 'warn', 'risk')} ${harmless(risk)}`);
  }
}
